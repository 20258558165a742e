#include "worker/place.hpp"

#include <vector>

namespace deadbox::worker {
namespace {

constexpr std::size_t k_most_extents = 1000;
constexpr unsigned k_most_runs = 100'000;  // holes and all

}  // namespace

void send_place(const image::FileSystem& filesystem, std::int64_t tree, std::uint64_t number, Outbox& outbox, ipc::Slot& slot) {
    const std::int64_t row = tree << 44 | static_cast<std::int64_t>(number);
    slot.inode.store(row, std::memory_order_relaxed);
    slot.progress.fetch_add(1, std::memory_order_relaxed);
    const image::InodeId id{number, 0};
    const auto content = filesystem.content(id);
    if (!content) return;
    struct Piece {
        std::uint64_t offset, media_offset, length;
    };
    std::vector<Piece> pieces;
    bool cut = false;
    std::uint64_t offset = 0;
    for (unsigned runs = 0; offset < (*content)->size() && !cut; ++runs) {
        const auto extent = (*content)->extent_at(offset);
        if (!extent || extent->length == 0) break;
        const std::uint64_t skipped = offset - extent->logical, length = extent->length - skipped;
        if (extent->kind == base::Extent::Kind::data || extent->kind == base::Extent::Kind::in_inode) {
            const Piece piece{offset, extent->physical + skipped, length};
            const bool follows = !pieces.empty() && pieces.back().offset + pieces.back().length == piece.offset &&
                                 pieces.back().media_offset + pieces.back().length == piece.media_offset;
            if (follows) pieces.back().length += length;
            else if (pieces.size() < k_most_extents) pieces.push_back(piece);
            else cut = true;
        }
        offset += length;
        cut = cut || runs + 1 >= k_most_runs;
        if (runs % 1024 == 1023) slot.progress.fetch_add(1, std::memory_order_relaxed);
    }
    auto message = reply(ipc::Reply::place);
    message.put(row).put(filesystem.out_of_journal(id)).put(cut).put(pieces.size());
    for (const auto& piece : pieces) message.put(piece.offset).put(piece.media_offset).put(piece.length);
    outbox.send(message);
}

}  // namespace deadbox::worker
