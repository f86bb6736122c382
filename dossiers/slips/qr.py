"""The QR code of a slip: 25 mm of modules and four modules of quiet zone, as a picture inside the
page.
"""

import segno

SIDE_MM = 25
QUIET = 4


def qr_data_uri(text: str) -> str:
    """An SVG as data: address, sized in millimetres (works in a browser under our CSP and in
    WeasyPrint).
    """
    code = segno.make(text, error="m", micro=False, boost_error=False)
    modules = code.symbol_size(scale=1, border=0)[0]
    return str(
        code.svg_data_uri(
            border=QUIET,
            scale=SIDE_MM / modules,
            unit="mm",
            svgclass=None,
            lineclass=None,
            omitsize=False,
        )
    )
