// What libext2fs sees of a sound ext image.
//   oracle_tool IMAGE           a manifest of its files
//   oracle_tool IMAGE places    where its bytes are: for each used inode, and for the superblock and the group descriptors, a line
//                               with the number or the word and then offset:length of each piece
#include <cstdio>
#include <iostream>
#include <string_view>

#include "ext_oracle.hpp"
#include "manifest.hpp"

namespace {

void put(const std::vector<deadbox::test::Place>& places) {
    for (const auto& place : places) std::cout << ' ' << place.offset << ':' << place.length;
    std::cout << '\n';
}

}  // namespace

int main(int argc, char** argv) {
    using namespace deadbox;
    const auto filesystem = argc > 1 ? test::open_ext_oracle(argv[1]) : nullptr;
    if (!filesystem) return std::fprintf(stderr, "libext2fs does not open it\n"), 1;
    std::ios::sync_with_stdio(false);
    if (argc > 2 && std::string_view(argv[2]) == "places") {
        const auto all = test::ext_places(argv[1]);
        for (const auto* word : {"superblock", "descriptors"}) std::cout << word, put(all.metadata.at(word));
        for (const auto& [number, places] : all.inodes) std::cout << number, put(places);
        return 0;
    }
    test::write_manifest(*filesystem, std::cout, test::Digests::compute);
    return 0;
}
