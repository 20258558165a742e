// oracle_tool IMAGE: what libext2fs sees of a sound ext image, as a manifest on stdout.
#include <cstdio>
#include <iostream>

#include "ext_oracle.hpp"
#include "manifest.hpp"

int main(int argc, char** argv) {
    const auto filesystem = argc > 1 ? deadbox::test::open_ext_oracle(argv[1]) : nullptr;
    if (!filesystem) return std::fprintf(stderr, "libext2fs does not open it\n"), 1;
    std::ios::sync_with_stdio(false);
    deadbox::test::write_manifest(*filesystem, std::cout, deadbox::test::Digests::compute);
    return 0;
}
