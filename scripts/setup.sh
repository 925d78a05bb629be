#!/usr/bin/env bash
# Sees to it that everything is there that the build, the tests and the demo need.
#
# Debian packages are installed where their command is missing, through sudo where that takes it. When all is there this
# takes a fraction of a second and changes nothing.
#
#   scripts/setup.sh          what the build, tests and demo need
#   scripts/setup.sh build    what the build alone needs
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

scope=${1:-all}
missing=()

fail() {
  printf 'setup: %s\n' "$*" >&2
  exit 1
}

# needs_command COMMAND PACKAGE
needs_command() {
  command -v "$1" >/dev/null 2>&1 || missing+=("$2")
}

check_toolchain() {
  local version
  command -v swift >/dev/null 2>&1 || fail "no swift on the PATH: install a Swift 6.2 or later toolchain, https://swift.org/install"
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p' | head -n 1)
  read -r major minor <<<"${version:-0 0}"
  if ((major < 6 || (major == 6 && minor < 2))); then
    fail "Swift 6.2 or later is needed, and this is ${major}.${minor}: https://swift.org/install"
  fi
}

find_missing() {
  missing=()
  needs_command pkg-config pkg-config
  pkg-config --exists yaml-0.1 2>/dev/null || missing+=(libyaml-dev)
  [ "$scope" = build ] && return
  needs_command ip iproute2
  needs_command nft nftables
  needs_command conntrack conntrack
  needs_command iptables iptables
  needs_command sysctl procps
  needs_command unshare util-linux
  needs_command ping iputils-ping
  needs_command traceroute traceroute
  needs_command brctl bridge-utils
  needs_command ifconfig net-tools
  needs_command tcpdump tcpdump
  needs_command shellcheck shellcheck
  needs_command dash dash
  needs_command busybox busybox-static
  needs_command mksh mksh
  needs_command strace strace
  needs_command linux.uml user-mode-linux
  needs_command modprobe kmod
  needs_command python3 python3
  # Debian 12 has a version that knows JSON Schema 2020-12; Ubuntu 22.04 has not, and gets a virtual environment below.
  scripts/find-python.sh >/dev/null 2>&1 || missing+=(python3-jsonschema python3-venv)
}

install_missing() {
  local apt=(apt-get)
  command -v apt-get >/dev/null 2>&1 || fail "please install what these Debian packages hold: ${missing[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || fail "please install as root: apt-get install ${missing[*]}"
    apt=(sudo apt-get)
  fi
  apt=("${apt[@]}" -o DPkg::Lock::Timeout=120 -q)
  printf 'setup: installing %s\n' "${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  # The package lists may be missing or too old; fetching them takes longer than trying without.
  "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null 2>&1 && return
  "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "${missing[@]}" && return
  fail "apt-get could not install them; please install: ${missing[*]}"
}

# A virtual environment with the validator, where the system's Python has none that is new enough.
make_python_environment() {
  scripts/find-python.sh >/dev/null 2>&1 && return
  printf 'setup: making .build/venv with jsonschema\n'
  if ! python3 -m venv .build/venv || ! .build/venv/bin/pip install -q 'jsonschema>=4.10,<5'; then
    fail "no Python with jsonschema 4 or later: install it, and name that Python in NETWRIGHT_PYTHON"
  fi
}

# The second kernel looks for its modules where every kernel does. Without root this stays undone, and the tests that
# need a module say so.
link_second_kernel_modules() {
  local folder version
  for folder in /usr/lib/uml/modules/*; do
    version=${folder##*/}
    if [ ! -d "$folder" ] || [ -e "/lib/modules/$version" ]; then continue; fi
    local as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    printf 'setup: linking the modules of user-mode-linux %s\n' "$version"
    "${as_root[@]}" mkdir -p /lib/modules && "${as_root[@]}" ln -s "$folder" "/lib/modules/$version" &&
      "${as_root[@]}" depmod "$version" || printf 'setup: that failed; modprobe will find none in the second kernel\n' >&2
  done
}

check_toolchain
find_missing
if ((${#missing[@]})); then
  install_missing
  # What pip is to provide is no longer apt's to find.
  find_missing
fi
[ "$scope" = build ] && exit 0
make_python_environment
link_second_kernel_modules
