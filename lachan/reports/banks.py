"""How banks name themselves in their messages, and the code by which NAPAS knows each. Pure.

Names are written as `kernel.names.fold` leaves them: small letters without marks. Words that are also
people's names are left out. Codes: the BIN list of VietQR.
"""

BANKS: tuple[tuple[str, str], ...] = (
    ("vietcombank|vcb|mbvcb|ibvcb|ngoai thuong", "970436"),
    ("vietinbank|icb|ctg|cong thuong", "970415"),
    ("bidv|dau tu va phat trien", "970418"),
    ("agribank|vbard|nong nghiep", "970405"),
    ("techcombank|tcb|ky thuong", "970407"),
    ("mb ?bank|mb", "970422"),
    ("acb", "970416"),
    ("vp ?bank", "970432"),
    ("tp ?bank|tpb", "970423"),
    ("sacombank|stb|sai gon thuong tin", "970403"),
    ("hd ?bank|hdb", "970437"),
    ("vib", "970441"),
    ("shb", "970443"),
    ("eximbank|eib", "970431"),
    ("msb|maritime ?bank", "970426"),
    ("seabank", "970440"),
    ("ocb", "970448"),
    ("lp ?bank|lienvietpostbank", "970449"),
    ("scb", "970429"),
    ("nam ?a ?bank", "970428"),
    ("ab ?bank", "970425"),
    ("pvcombank", "970412"),
    ("bac ?a ?bank", "970409"),
    ("ncb", "970419"),
    ("kienlongbank", "970452"),
    ("viet ?a ?bank", "970427"),
    ("bv ?bank|viet capital", "970454"),
    ("saigonbank", "970400"),
    ("cake", "546034"),
    ("timo", "963388"),
)
