"""V12-V14: the log's heads, their time-stamps and their witnesses. Pure."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from lachan.evidence import tree
from lachan.evidence.bundle import Bundle
from lachan.evidence.errors import SignatureInvalid
from lachan.evidence.heads import Head, told
from lachan.evidence.signing import HEAD, WITNESS, ascii_text, open_jws, public_key, thumbprint
from lachan.evidence.stamps import StampInvalid, check_stamp
from lachan.evidence.verify_files import log_keys
from lachan.kernel.canonical import NotCanonical, parse_canonical
from lachan.kernel.checks import BundleFiles, Check

_HEAD_FILE = "log/sth.json"


def newest(files: BundleFiles) -> Head | None:
    """The head that the bundle is proved against, or None when its signature does not hold."""
    head = _read(ascii_text(files.get("log/sth.jws", b"")), log_keys(files))
    if head is None or head[1] != files.get(_HEAD_FILE):
        return None
    return head[0]


def check_consistency(bundle: Bundle) -> list[Check]:
    """V12: every earlier head in the bundle is the beginning of the newest."""
    files, last = bundle.files, newest(bundle.files)
    paths = sorted(path for path in files if path.startswith("log/consistency/"))
    if last is None:
        return [
            Check.bad(
                "V12", "log/sth.jws", "Không có đầu cây để so.", "There is no head to compare with."
            )
        ]
    wrong = [
        Check.bad(
            "V12",
            path,
            f"{path}: cây nhật ký đã bị viết lại, hoặc bằng chứng bị sửa.",
            f"{path}: the log was rewritten, or the proof was altered.",
        )
        for path in paths
        if not _consistent(files, path, last)
    ]
    return wrong or [
        Check.good(
            "V12",
            f"{len(paths)} đầu cây trước đó nhất quán với đầu cây cuối.",
            f"{len(paths)} earlier heads are consistent with the last.",
        )
    ]


def check_stamps(bundle: Bundle) -> list[Check]:
    """V13: each time-stamp is over the head, by the authority whose certificate is beside it."""
    files, last = bundle.files, newest(bundle.files)
    paths = sorted(path for path in files if path.startswith("stamps/") and path.endswith(".tsr"))
    if not paths:
        return [
            Check.good(
                "V13",
                "Chưa có dấu thời gian của bên thứ ba.",
                "There is no third party's time-stamp.",
            )
        ]
    lines: list[Check] = []
    for path in paths:
        ca = files.get(path.removesuffix(".tsr") + ".ca.pem", files.get("stamps/ca.pem", b""))
        sized = last is not None and path == f"stamps/{last.size}.tsr"
        try:
            at = check_stamp(files[path], data=files.get(_HEAD_FILE, b""), ca_pem=ca)
        except StampInvalid as cause:
            lines.append(
                Check.bad(
                    "V13",
                    path,
                    f"Dấu thời gian không đúng: {cause}.",
                    f"The time-stamp does not hold: {cause}.",
                )
            )
            continue
        if not sized:
            lines.append(
                Check.bad(
                    "V13",
                    path,
                    "Dấu thời gian mang tên đầu cây khác.",
                    "The time-stamp is named after another head.",
                )
            )
            continue
        lines.append(Check.good("V13", f"Dấu thời gian lúc {at}.", f"Time-stamped at {at}.", path))
    return lines


def check_witnesses(bundle: Bundle) -> list[Check]:
    """V14: as many distinct witnesses over the newest head as the root's policy asks (default none)."""
    files, last = bundle.files, newest(bundle.files)
    keys = _pem_keys(files)
    known = log_keys(files).keys()
    good: set[str] = set()
    wrong: list[Check] = []
    for path in sorted(
        path for path in files if path.startswith("witness/") and path.endswith(".jws")
    ):
        try:
            kid, payload = open_jws(ascii_text(files[path]), keys, typ=WITNESS)
        except SignatureInvalid as cause:
            wrong.append(
                Check.bad(
                    "V14",
                    path,
                    f"Chữ ký người chứng không đúng: {cause.message('vi')}",
                    f"The witness's signature does not hold: {cause}",
                )
            )
            continue
        if last is None or payload != files[_HEAD_FILE] or kid in known:
            wrong.append(
                Check.bad(
                    "V14", path, "Người chứng ký đầu cây khác.", "The witness signed another head."
                )
            )
        else:
            good.add(kid)
    asked = _witnesses_asked(files)
    if not wrong and len(good) < asked:
        wrong.append(
            Check.bad(
                "V14",
                "witness",
                f"Cần {asked} người chứng, có {len(good)}.",
                f"{asked} witnesses are asked for, {len(good)} signed.",
            )
        )
    return wrong or [
        Check.good(
            "V14",
            f"{len(good)} người chứng, cần {asked}.",
            f"{len(good)} witnesses, {asked} asked for.",
        )
    ]


def _consistent(files: BundleFiles, path: str, last: Head) -> bool:
    try:
        given = parse_canonical(files[path])
        earlier = _read(str(given["head"]), log_keys(files))
        proof = [bytes.fromhex(step) for step in given["path"]]
        to = given["to"]
    except (NotCanonical, KeyError, TypeError, ValueError):
        return False
    return (
        earlier is not None
        and to == last.size
        and path == f"log/consistency/{earlier[0].size}-{last.size}.json"
        and tree.consistency_holds(
            first=earlier[0].size,
            first_root=earlier[0].root,
            second=last.size,
            second_root=last.root,
            path=proof,
        )
    )


def _read(jws: str, keys: dict[str, Ed25519PublicKey]) -> tuple[Head, bytes] | None:
    try:
        _, payload = open_jws(jws, keys, typ=HEAD)
    except SignatureInvalid:
        return None
    head = told(payload)
    return None if head is None else (head, payload)


def _pem_keys(files: BundleFiles) -> dict[str, Ed25519PublicKey]:
    found: dict[str, Ed25519PublicKey] = {}
    for path, pem in files.items():
        if path.startswith("keys/"):
            try:
                key = public_key(pem)
            except ValueError:
                continue
            found[thumbprint(key)] = key
    return found


def _witnesses_asked(files: BundleFiles) -> int:
    try:
        asked = parse_canonical(files["witness/policy.json"])["witnesses"]
    except (KeyError, NotCanonical, TypeError):
        return 0
    return asked if isinstance(asked, int) else 0
