"""Make the checkout importable and put the `lachan` command into the virtual environment, without a build."""

import stat
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
site = Path(sysconfig.get_path("purelib"))
(site / "lachan-checkout.pth").write_text(f"{ROOT}\n", encoding="utf-8")
command = Path(sys.executable).parent / "lachan"
command.write_text(
    f"#!{sys.executable}\nimport sys\nfrom lachan.cli.main import main\nsys.exit(main())\n",
    encoding="utf-8",
)
command.chmod(command.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
