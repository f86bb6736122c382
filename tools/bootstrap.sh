#!/bin/sh
# Everything the project needs on a fresh Debian or Ubuntu machine, from nothing: tools/bootstrap.sh run|test
# As root it installs missing system packages; otherwise it stops with the one command an administrator must run.
set -eu
cd "$(dirname "$0")/.."
mode=${1:-run}

# What the installers say, warnings and all: the terminal keeps to our own sentences.
log=build/install.log
# There while the environment is being made: an installation that was cut off is not trusted but made anew.
unfinished=build/installing
mkdir -p build
: >"$log"

say() { printf '%s\n' "$*" >&2; }
has() { command -v "$1" >/dev/null 2>&1; }
installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null || true)" = installed ]; }

find_python() {
    for candidate in ${PYTHON:-} python3.12 python3.11 python3.13 python3; do
        if has "$candidate" && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s' "$candidate"
            return
        fi
    done
}

# The font's package under the name this release has. Asking apt takes a second: only where the font is missing.
liberation() {
    if [ "$(id -u)" = 0 ] && has apt-cache && [ -z "$(apt-cache madison fonts-liberation2 2>/dev/null)" ]; then
        apt-get update -q >>"$log" 2>&1 || true
        [ -n "$(apt-cache madison fonts-liberation2 2>/dev/null)" ] || { printf 'fonts-liberation' && return; }
    fi
    printf 'fonts-liberation2'
}

missing_packages() {
    [ -n "$python" ] || printf ' python3'
    if [ ! -x .venv/bin/python ] && ! { [ -n "$python" ] && "$python" -c 'import venv, ensurepip' 2>/dev/null; }; then
        printf ' python3-venv'
    fi
    if has dpkg-query; then
        for package in libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0; do
            # Ubuntu's newest releases add t64 to the names of libraries.
            installed "$package" || installed "${package}t64" || printf ' %s' "$package"
        done
        # fonts-liberation is complete from version 2 on; Debian 12 ships 1.07, which lacks Vietnamese letters.
        if ! installed fonts-liberation2 && ! ls /usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf >/dev/null 2>&1; then
            case "$(dpkg-query -W -f='${Version}' fonts-liberation 2>/dev/null || true)" in
                *:2.* | 2.*) ;;
                *) printf ' %s' "$(liberation)" ;;
            esac
        fi
    fi
    if [ "$mode" = test ]; then
        ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || has initdb || printf ' postgresql'
        has redis-server || printf ' redis-server'
        has chromium || has chromium-browser || has google-chrome || printf ' chromium'
        has pdftotext || printf ' poppler-utils'
        has git || printf ' git'
    fi
}

apt_install() {
    export DEBIAN_FRONTEND=noninteractive
    # Lists may be missing or old: try, refresh, try again.
    apt-get install -y -q --no-install-recommends "$@" >>"$log" 2>&1 ||
        { apt-get update -q >>"$log" 2>&1 && apt-get install -y -q --no-install-recommends "$@" >>"$log" 2>&1; }
}

python=$(find_python)
packages=$(missing_packages)
if [ -n "$packages" ]; then
    if [ "$(id -u)" = 0 ] && has apt-get; then
        say "Đang cài gói hệ thống:$packages"
        # shellcheck disable=SC2086
        apt_install $packages || {
            say "Không cài được gói hệ thống$packages: hãy kiểm tra kết nối mạng rồi chạy lại make $mode; chi tiết ở $log."
            exit 1
        }
        python=$(find_python)
        packages=$(missing_packages)
    fi
    if [ -n "$packages" ]; then
        say "Máy này còn thiếu gói hệ thống. Hãy nhờ quản trị viên chạy một lệnh rồi chạy lại:"
        say ""
        say "  sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends$packages'"
        say ""
        exit 1
    fi
fi
[ -n "$python" ] || { say "Cần Python 3.11 trở lên."; exit 1; }

# The environment: a stamp names the lock it was made from, so that the next start costs nothing.
lock=requirements.lock
[ "$mode" = test ] && lock=requirements-dev.lock
stamp_of() { sha256sum "$1" | cut -d' ' -f1; }
runtime="run $(stamp_of requirements.lock)"
full="test $(stamp_of requirements-dev.lock)"

install_libraries() {
    if [ -x .venv/bin/uv ] && .venv/bin/uv pip install -q --python .venv/bin/python --require-hashes -r "$lock" >>"$log" 2>&1; then
        return
    fi
    .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip >>"$log" 2>&1 || return
    .venv/bin/python -m pip install -q --disable-pip-version-check --no-input --root-user-action=ignore \
        --require-hashes -r "$lock" >>"$log" 2>&1
}

make_environment() {
    [ -x .venv/bin/python ] || "$python" -m venv .venv >>"$log" 2>&1 || return
    # Until all is installed the environment is nobody's: not even the lock it was made from before.
    rm -f .venv/.stamp
    install_libraries
}

if [ -e "$unfinished" ]; then
    say "Lần cài thư viện trước bị dừng giữa chừng, cài lại từ đầu."
    rm -rf .venv
elif [ -e .venv ] && ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    say "Môi trường .venv hỏng hoặc quá cũ, tạo lại."
    rm -rf .venv
fi
now=$(cat .venv/.stamp 2>/dev/null || true)
if [ "$now" != "$full" ] && { [ "$mode" = test ] || [ "$now" != "$runtime" ]; }; then
    say "Đang cài thư viện Python (một lần, khoảng một phút)…"
    : >"$unfinished"
    make_environment || {
        rm -f "$unfinished"
        say "Không cài được thư viện Python: hãy kiểm tra kết nối mạng và chỗ trống trên đĩa rồi chạy lại make $mode; chi tiết ở $log."
        exit 1
    }
    if [ "$mode" = test ]; then printf '%s' "$full" >.venv/.stamp; else printf '%s' "$runtime" >.venv/.stamp; fi
    rm -f "$unfinished"
fi
