# Một cửa. The two commands of the README are `make run` and `make test`; `make help` lists all.
.DEFAULT_GOAL := help
.PHONY: help run test test-shifted test-long check bench bench-large load fresh format pictures

PY := .venv/bin/python

help:
	@echo "make run         chạy Một cửa với dữ liệu thử tại http://127.0.0.1:8000 (PORT= đổi cổng)"
	@echo "make test        toàn bộ kiểm thử trên SQLite và trên PostgreSQL + Redis (ARGS= gửi thêm cho pytest)"
	@echo "make test-shifted phần nhanh của kiểm thử, ở hai đồng hồ khác (đêm giao thừa, 29/02)"
	@echo "make test-long   các phép thử nặng ở cỡ đầy đủ"
	@echo "make check       ruff, djlint, mypy, phụ thuộc giữa các ứng dụng, migration, nội quy mã nguồn"
	@echo "make bench       bảng đo tốc độ; make bench-large ở cỡ 1 và 5 triệu hồ sơ"
	@echo "make load        đo tải một máy chủ đang chạy: ARGS=\"http://127.0.0.1:8000 --account TÊN\""
	@echo "make fresh       xóa dữ liệu thử trong var/ (hỏi trước)"
	@echo "make pictures    vẽ lại hình các phiếu và báo cáo trong docs/slips, docs/reports"
	@echo "make format      định dạng lại mã nguồn Python và mẫu trang"

run:
	@tools/bootstrap.sh run
	@exec $(PY) tools/run.py

test:
	@tools/bootstrap.sh test
	@exec $(PY) tools/test.py $(ARGS)

test-shifted:
	@tools/bootstrap.sh test
	@exec $(PY) tools/test.py --shifted $(ARGS)

test-long:
	@tools/bootstrap.sh test
	@LONG=1 exec $(PY) tools/test.py --sqlite --heavy --shifted $(ARGS)

check:
	@tools/bootstrap.sh test
	@exec $(PY) tools/check.py

bench:
	@tools/bootstrap.sh test
	@exec $(PY) tools/bench.py $(ARGS)

bench-large:
	@tools/bootstrap.sh test
	@exec $(PY) tools/bench.py --size 1000000 5000000 $(ARGS)

load:
	@tools/bootstrap.sh run
	@exec $(PY) tools/load.py $(ARGS)

fresh:
	@exec python3 tools/fresh.py

format:
	@tools/bootstrap.sh test
	@.venv/bin/ruff check -q --fix --exit-zero . ; .venv/bin/ruff format -q . ; .venv/bin/djlint --quiet --reformat templates || true

pictures:
	@tools/bootstrap.sh test
	@exec $(PY) tools/pictures.py
