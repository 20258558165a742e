#!/bin/sh
# make_ext_seeds.sh OUT FIXTURES: the images that ext_fuzz changes, base0.img and on.
set -eu
out=$1 fixtures=$2
rm -rf "$out"; mkdir -p "$out/tree/many" "$out/tree/deep/deeper"
cd "$out"
for i in $(seq 150); do printf "$i" > tree/many/a_file_with_a_long_enough_name_$i; done
head -c 40000 /dev/zero | tr '\0' x > tree/large; printf hello > tree/hello; head -c 150 /dev/zero | tr '\0' i > tree/inline
printf 1 > tree/hole; for i in 3 13 300; do printf x | dd of=tree/hole bs=1024 seek=$i conv=notrunc status=none; done
ln -s hello tree/short; ln -s "$(printf 'y%.0s' $(seq 90))" tree/long; ln tree/hello tree/deep/deeper/hard
head -c 300 /dev/zero | tr '\0' q > value
n=0
make() {
    truncate -s "$1" base$n.img
    # shellcheck disable=SC2086
    mke2fs -q -F -N 256 -d tree $2 base$n.img
    printf 'ea_set hello user.a b\nea_set hello user.big -f value\nrm many/a_file_with_a_long_enough_name_7\nmknod device c 4 300\n' | debugfs -w base$n.img > /dev/null 2>&1
    n=$((n + 1))
}
make 1M "-t ext2 -b 1024"
make 1M "-t ext4 -b 1024 -O ^has_journal,^resize_inode"
make 2M "-t ext4 -b 4096 -O ^has_journal,inline_data,ea_inode,encrypt,casefold -I 256"
make 2M "-t ext4 -b 1024 -O ^has_journal,bigalloc,^resize_inode -C 4096"
make 2M "-t ext2 -b 1024 -O meta_bg,^resize_inode -g 512"
make 2M "-t ext4 -b 1024 -O ^has_journal,^metadata_csum,^64bit"
for image in "$fixtures"/unclean-*.img.xz; do xz -dc "$image" > base$n.img; n=$((n + 1)); done
rm -rf tree value
