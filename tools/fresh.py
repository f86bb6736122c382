"""Throw the embedded data away, after asking. `make fresh` calls this; FORCE=1 does not ask."""

import fcntl
import os
import shutil
import sys
from pathlib import Path

VAR = Path(os.environ.get("VAR_DIR") or Path(__file__).resolve().parent.parent / "var")


def main() -> int:
    if not VAR.exists():
        print("Chưa có dữ liệu nào để xóa.")
        return 0
    with (VAR / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Một cửa đang chạy. Hãy dừng (Ctrl+C) rồi chạy lại make fresh.", file=sys.stderr)
            return 1
        if os.environ.get("FORCE") != "1":
            print(
                f"Xóa toàn bộ cơ sở dữ liệu nhúng, tệp quét và khóa bí mật trong {VAR}. Không lấy lại được."
            )
            try:
                answer = input("Gõ “xoa” rồi Enter để xóa, Enter để thôi: ")
            except EOFError:
                answer = ""
            if answer.strip().lower() not in ("xoa", "xóa"):
                print("Không xóa gì.")
                return 1
        shutil.rmtree(VAR)
    print("Đã xóa. Lần make run sau sẽ tạo lại từ đầu.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
