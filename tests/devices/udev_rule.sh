#!/bin/sh
# udev_rule.sh SOURCE_FOLDER: the examination rule by udev's own engine (udevadm test runs nothing). Needs root and a disk in
# /sys/block; 77 where that is missing. Writes below /run/udev/rules.d and takes it away again.
set -eu
rule=$1/packaging/udev/61-deadbox-examination.rules
disk=
for folder in /sys/block/*; do
    case $(basename "$folder") in loop* | dm-* | md* | ram* | zram* | nbd* | sr* | fd* | zd*) ;; *) disk=$folder; break ;; esac
done
[ "$(id -u)" = 0 ] && command -v udevadm > /dev/null && [ -n "$disk" ] || exit 77
rules=/run/udev/rules.d
[ -e "$rules" ] || made=yes
mkdir -p "$rules"
# udevadm test does write into udev's database: what is there about the two devices is put back.
kept=$(mktemp -d)
for device in "$disk" /sys/block/loop0; do
    known=/run/udev/data/b$(cat "$device/dev" 2> /dev/null || echo none)
    if [ -e "$known" ]; then cp -p "$known" "$kept/"; fi
    entries="${entries:-} $known"
done
unset device
end() {
    rm -f "$rules"/6?-deadbox-*.rules $entries
    cp -p "$kept"/* /run/udev/data/ 2> /dev/null || true
    rm -r "$kept"
    [ -z "${made:-}" ] || rmdir "$rules"
}
trap end EXIT
failed=0
cp "$rule" "$rules/61-deadbox-examination.rules"
# case NAME LINE... : what the rules before it say; then expect and refuse look at what came of it.
say() { name=$1; shift; printf '%s\n' "$@" > "$rules/60-z-deadbox-test.rules"; mv "$rules/60-z-deadbox-test.rules" "$rules/61-deadbox-disks.rules"; out=$(udevadm test --action="${action:-add}" "${device:-$disk}" 2>&1); }
expect() { printf '%s\n' "$out" | grep -qE -- "$1" || { echo "$name: missing: $1"; failed=1; }; }
refuse() { if printf '%s\n' "$out" | grep -qE -- "$1"; then echo "$name: unexpected: $1"; failed=1; fi; }

knows='SUBSYSTEM=="block", ENV{DEADBOX_KNOWS_OWN_DISKS}="1"'
say 'a new disk' "$knows"
expect '^DEADBOX_EXAMINATION=1$'; expect '^UDISKS_IGNORE=1$'; expect '^UDISKS_AUTO=0$'; expect '^SYSTEMD_READY=0$'; expect "run: '/usr/sbin/blockdev --setro /dev/"
refuse 'nvalid|nknown key'
for type in linux_raid_member isw_raid_member LVM2_member bcache zfs_member btrfs; do
    say "a part of $type" "$knows" "SUBSYSTEM==\"block\", ENV{ID_FS_TYPE}=\"$type\""
    expect "^DEADBOX_FS_TYPE=$type\$"; refuse "^ID_FS_TYPE=$type\$"; refuse "run: .*(mdadm|lvm|pvscan|bcache)"
done
say 'an ext4 file system keeps its name' "$knows" 'SUBSYSTEM=="block", ENV{ID_FS_TYPE}="ext4"'
expect '^ID_FS_TYPE=ext4$'
say 'an own disk' "$knows" 'SUBSYSTEM=="block", ENV{DEADBOX_OWN_DISK}="1"'
refuse '^DEADBOX_EXAMINATION=1$'; refuse 'blockdev --setro'; refuse '^UDISKS_IGNORE'
say 'own disks that nobody listed' '# nothing'
refuse '^DEADBOX_EXAMINATION=1$'; refuse 'blockdev --setro'
action=change
say 'a change sets nothing read-only again' "$knows"
expect '^DEADBOX_EXAMINATION=1$'; refuse 'blockdev --setro'
action=add
if [ -e /sys/block/loop0 ]; then
    device=/sys/block/loop0
    say 'a loop device' "$knows"
    refuse '^DEADBOX_EXAMINATION=1$'; refuse 'blockdev --setro'
fi
exit $failed
