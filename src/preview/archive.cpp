// The names in an archive, by libarchive. Formats and filters are named one by one: "all" would have those that start
// programs.
#include <archive.h>
#include <archive_entry.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <string>

#include "codec/decompress.hpp"
#include "preview/previews.hpp"

namespace deadbox::preview {
namespace {

using Archive = std::unique_ptr<struct archive, decltype(&archive_read_free)>;

constexpr std::size_t k_piece = 256 * 1024;
constexpr std::int64_t k_most_entries = 200'000;

struct Input {
    const base::ByteSource* source = nullptr;
    std::uint64_t at = 0;
    std::vector<std::byte> piece = std::vector<std::byte>(k_piece);
};

la_ssize_t read_piece(struct archive* archive, void* data, const void** bytes) {
    auto& in = *static_cast<Input*>(data);
    const auto got = in.source->read_at(in.at, in.piece);
    if (!got) {
        archive_set_error(archive, EIO, "%s", got.error().what.c_str());
        return -1;
    }
    in.at += *got;
    *bytes = in.piece.data();
    return static_cast<la_ssize_t>(*got);
}

la_int64_t skip_bytes(struct archive*, void* data, la_int64_t count) {
    auto& in = *static_cast<Input*>(data);
    const auto left = in.source->size() > in.at ? in.source->size() - in.at : 0;
    const auto skipped = std::min<std::uint64_t>(count > 0 ? static_cast<std::uint64_t>(count) : 0, left);
    in.at += skipped;
    return static_cast<la_int64_t>(skipped);
}

la_int64_t seek_to(struct archive*, void* data, la_int64_t offset, int whence) {
    auto& in = *static_cast<Input*>(data);
    const auto size = static_cast<la_int64_t>(in.source->size());
    la_int64_t place = 0;
    const la_int64_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? static_cast<la_int64_t>(in.at) : size;
    if (__builtin_add_overflow(base, offset, &place) || place < 0 || place > size) return ARCHIVE_FATAL;
    in.at = static_cast<std::uint64_t>(place);
    return place;
}

void name_formats(struct archive* archive) {
    for (const auto support : {archive_read_support_filter_gzip, archive_read_support_filter_bzip2, archive_read_support_filter_xz, archive_read_support_filter_lzma,
                               archive_read_support_filter_compress, archive_read_support_filter_lz4, archive_read_support_filter_zstd, archive_read_support_filter_rpm})
        support(archive);
    for (const auto support : {archive_read_support_format_tar, archive_read_support_format_gnutar, archive_read_support_format_zip, archive_read_support_format_cpio, archive_read_support_format_7zip,
                               archive_read_support_format_rar, archive_read_support_format_rar5, archive_read_support_format_iso9660, archive_read_support_format_cab, archive_read_support_format_ar,
                               archive_read_support_format_lha})
        support(archive);
}

std::string error_of(struct archive* archive) {
    const char* words = archive_error_string(archive);
    return words == nullptr ? std::string("the archive is damaged") : std::string(words);
}

// UTF-8 where the archive knows the encoding, else its bytes.
std::string_view text_of(const char* bytes, const char* utf8) { return bytes != nullptr ? std::string_view(bytes) : utf8 != nullptr ? std::string_view(utf8) : std::string_view(); }

std::string_view type_of(struct archive_entry* entry) {
    if (archive_entry_hardlink(entry) != nullptr) return "hard link";
    switch (archive_entry_filetype(entry)) {
        case AE_IFREG: return "file";
        case AE_IFDIR: return "folder";
        case AE_IFLNK: return "link";
        case AE_IFCHR:
        case AE_IFBLK: return "device";
        case AE_IFIFO: return "pipe";
        case AE_IFSOCK: return "socket";
        default: return "file";
    }
}

// zip keeps a clock without a zone unless an extra field says more; libarchive does not tell which it was.
Form time_form(struct archive* archive) {
    const int format = archive_format(archive) & ARCHIVE_FORMAT_BASE_MASK;
    return format == ARCHIVE_FORMAT_ZIP || format == ARCHIVE_FORMAT_CAB || format == ARCHIVE_FORMAT_RAR ? Form::wall : Form::time;
}

void put_row(struct archive_entry* entry, Form form, Answer& answer) {
    const auto name = text_of(archive_entry_pathname(entry), archive_entry_pathname_utf8(entry));
    const char* hard = archive_entry_hardlink(entry);
    const auto target = hard != nullptr ? std::string_view(hard) : text_of(archive_entry_symlink(entry), archive_entry_symlink_utf8(entry));
    const auto owner = text_of(archive_entry_uname(entry), archive_entry_uname_utf8(entry));
    const std::string number = std::to_string(archive_entry_uid(entry)) + ":" + std::to_string(archive_entry_gid(entry));
    const auto seconds = static_cast<std::int64_t>(archive_entry_mtime(entry));
    const bool timed = archive_entry_mtime_is_set(entry) != 0 && seconds > -(1ll << 40) && seconds < (1ll << 40);
    answer.row({name, archive_entry_size_is_set(entry) != 0 ? Cell(static_cast<std::int64_t>(archive_entry_size(entry))) : Cell(), timed ? Cell(form == Form::time ? seconds * 1'000'000 : seconds) : Cell(),
                type_of(entry), static_cast<std::int64_t>(archive_entry_perm(entry)), owner.empty() ? std::string_view(number) : owner, target,
                archive_entry_is_encrypted(entry) > 0 ? std::string_view("encrypted") : std::string_view()});
}

// The bytes of an entry are undone up to the budget, so that a bomb costs no more than that. False: it is spent.
bool pass_over(struct archive* archive, std::uint64_t& budget) {
    const void* bytes = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    while (archive_read_data_block(archive, &bytes, &size, &offset) == ARCHIVE_OK) {
        if (size > budget) return false;
        budget -= size;
    }
    return true;
}

// A file that is compressed and holds no archive: its one name, and its size where it is small enough to be undone.
base::Result<std::int64_t> single(const base::ByteSource& source, Answer& answer, const std::string& why) {
    std::array<std::byte, 8> head{};
    TRY_ASSIGN(const std::size_t got, source.read_at(0, head));
    const auto how = codec::recognize_compression(base::ByteView(head).first(got));
    if (how == codec::Compression::none) return base::fail(base::Errc::unsupported, why);
    static constexpr std::array<std::string_view, 5> k_names{"", "gzip", "xz", "zstd", "bzip2"};
    answer.property("", "format", "compressed file");
    answer.property("", "compression", k_names[static_cast<std::size_t>(how)]);
    const auto stream = codec::decompress(source);
    std::vector<std::byte> piece(k_piece);
    std::uint64_t size = 0;
    for (;;) {
        const auto more = stream->read(piece);
        if (!more) {
            answer.note(more.error().what);
            break;
        }
        if (*more == 0) break;
        size += *more;
    }
    answer.property("", "uncompressed size", std::to_string(size));
    return -1;
}

}  // namespace

base::Result<std::int64_t> archive(const Order& order, const Sources& sources, Answer& answer) {
    Input input;
    input.source = sources.front().get();
    const Archive owned(archive_read_new(), &archive_read_free);
    auto* archive = owned.get();
    if (archive == nullptr) return base::fail(base::Errc::limit, "no memory for the archive");
    name_formats(archive);
    archive_read_set_callback_data(archive, &input);
    archive_read_set_read_callback(archive, read_piece);
    archive_read_set_skip_callback(archive, skip_bytes);
    archive_read_set_seek_callback(archive, seek_to);
    if (archive_read_open1(archive) < ARCHIVE_WARN) return single(*input.source, answer, error_of(archive));

    struct archive_entry* entry = nullptr;
    int outcome = archive_read_next_header(archive, &entry);
    if (outcome == ARCHIVE_FATAL) return single(*input.source, answer, error_of(archive));
    const bool compressed = archive_filter_count(archive) > 1;
    if (order.after == 0) {
        answer.property("", "format", archive_format_name(archive) == nullptr ? "" : archive_format_name(archive));
        for (int filter = 0; filter < archive_filter_count(archive) - 1; ++filter) answer.property("", "compression", archive_filter_name(archive, filter));
    }
    const auto form = time_form(archive);
    answer.table("names", -1, {{"name", Form::text}, {"size", Form::size}, {"modified", form}, {"kind", Form::text}, {"mode", Form::mode}, {"owner", Form::text}, {"link to", Form::text}, {"remark", Form::text}});
    std::uint64_t budget = codec::decompression_cap(input.source->size());
    std::int64_t place = 0;
    for (; outcome != ARCHIVE_EOF; outcome = archive_read_next_header(archive, &entry)) {
        if (outcome == ARCHIVE_FATAL || (outcome == ARCHIVE_RETRY)) {
            answer.note(error_of(archive));
            break;
        }
        if (outcome == ARCHIVE_WARN && place == order.after && archive_error_string(archive) != nullptr) answer.note(error_of(archive));
        if (place >= k_most_entries) {
            answer.note("there are more names than are listed");
            break;
        }
        if (place >= order.after + order.most) return place;
        if (place >= order.after) put_row(entry, form, answer);
        ++place;
        if (compressed && !pass_over(archive, budget)) {
            answer.note("more comes out of this archive than is undone here");
            break;
        }
    }
    return -1;
}

}  // namespace deadbox::preview
