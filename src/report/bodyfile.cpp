#include "report/bodyfile.hpp"

#include <cctype>

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "base/glob.hpp"
#include "case/view_names.hpp"
#include "report/format.hpp"
#include "report/redaction.hpp"
#include "report/tlp.hpp"
#include "report/visible.hpp"

namespace deadbox::report {
namespace {

constexpr std::size_t k_piece = 1 << 16;

void append_number(std::string& out, std::int64_t number) {
    const fmt::format_int digits(number);
    out.append(digits.data(), digits.size());
    out += '|';
}

// "r/rrwsr-xr-x": the type as the name has it, the type of the inode, the rights.
void append_mode(std::string& out, int type, std::uint32_t mode) {
    static constexpr std::string_view k_types = "-rdlcbps";
    const char letter = k_types[type >= 0 && type < 8 ? static_cast<std::size_t>(type) : 0];
    out += letter, out += '/', out += type == 7 ? 'h' : letter;  // a socket is an h in The Sleuth Kit's inodes, an s in its names
    const auto triple = [&](std::uint32_t bits, bool special, char with, char without) {
        out += (bits & 4) != 0 ? 'r' : '-';
        out += (bits & 2) != 0 ? 'w' : '-';
        out += special ? ((bits & 1) != 0 ? with : without) : ((bits & 1) != 0 ? 'x' : '-');
    };
    triple(mode >> 6 & 7, (mode & 04000) != 0, 's', 'S');
    triple(mode >> 3 & 7, (mode & 02000) != 0, 's', 'S');
    triple(mode & 7, (mode & 01000) != 0, 't', 'T');
}

bool within(const case_file::NameRow& row, const BodyfileFilter& filter) {
    if (!filter.from && !filter.to) return true;
    for (const auto& time : {row.modified, row.accessed, row.changed, row.born})
        if (time && (!filter.from || *time >= filter.from->seconds) && (!filter.to || *time <= filter.to->seconds)) return true;
    return false;
}

void append_line(std::string& out, const case_file::NameRow& row, const Redactor& redactor, const case_file::Clock& clock) {
    if (row.md5.empty()) out += '0';
    else out += base::to_hex(row.md5);
    out += '|';
    if (row.folder.empty()) fmt::format_to(std::back_inserter(out), "/$OrphanFiles/OrphanFile-{}", case_file::number_of(row.inode));
    else {
        append_bodyfile_name(out, redactor.name(row.folder));
        if (!row.name.empty() && row.folder != "/") out += '/';
        append_bodyfile_name(out, redactor.name(row.name));
    }
    if (row.type == 3 && !row.target.empty()) {
        out += " -> ";
        append_bodyfile_name(out, redactor.name(row.target));
    }
    if (!row.name_allocated) out += row.inode_allocated ? " (deleted-realloc)" : " (deleted)";
    out += '|';
    append_number(out, case_file::number_of(row.inode));
    append_mode(out, row.type, row.mode);
    out += '|';
    append_number(out, row.uid), append_number(out, row.gid), append_number(out, row.size);
    for (const auto& time : {row.accessed, row.modified, row.changed, row.born}) append_number(out, time ? clock.corrected({*time, 0}).seconds : 0);
    out.back() = '\n';
}

}  // namespace

void append_bodyfile_name(std::string& out, std::string_view name) {
    const auto is_hex = [](std::string_view text, std::size_t at) { return at < text.size() && std::isxdigit(static_cast<unsigned char>(text[at])) != 0; };
    std::size_t done = 0;
    for (std::size_t i = 0, length = 1; i < name.size(); i += length) {
        const auto byte = static_cast<unsigned char>(name[i]);
        length = 1;
        bool escape = byte < 0x20 || byte == 0x7f || byte == '|' || (byte == '%' && is_hex(name, i + 1) && is_hex(name, i + 2));  // mactime decodes %XX
        if (byte >= 0x80) {
            while (length <= 4 && i + length <= name.size() && !base::is_utf8(name.substr(i, length))) ++length;
            const bool text = length <= 4 && i + length <= name.size();
            if (!text) length = 1;
            escape = text ? is_hidden(code_point_at(name, i).value) : byte < 0xa0;  // a lone byte of these is a control character to some
        }
        if (!escape) continue;
        out.append(name.substr(done, i - done));
        for (std::size_t k = i; k < i + length; ++k) fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(name[k]));
        done = i + length;
    }
    out.append(name.substr(done));
}

std::string bodyfile_clock_note(const case_file::Clock& clock) {
    if (clock.is_right()) return {};
    std::string note = "# times corrected by ";
    append_bodyfile_name(note, fmt::format("{} s: the machine's clock was {} ({})", -clock.offset, clock.offset > 0 ? "ahead" : "behind", clock.source));
    return note + "\n";
}

base::Result<void> write_bodyfile_lines(const case_file::View& view, const BodyfileFilter& filter, base::FunctionRef<void(std::string_view)> write) {
    const std::optional<base::Glob> glob = filter.path.empty() ? std::nullopt : std::optional<base::Glob>(filter.path);
    TRY_ASSIGN(const Redactor redactor, Redactor::load(view, filter.redact));
    TRY_ASSIGN(const case_file::Clock clock, case_file::clock_of(view));
    BodyfileFilter recorded = filter;
    if (recorded.from) recorded.from = clock.recorded(*recorded.from);
    if (recorded.to) recorded.to = clock.recorded(*recorded.to);
    std::string out, path;
    out.reserve(k_piece + 4096);
    TRY(case_file::for_each_name(view, [&](const case_file::NameRow& row) {
        if (!row.folder.empty() && row.name.empty()) return base::Next::go_on;  // a root folder: fls has no line for it either
        if (!within(row, recorded) || (filter.inode && row.inode != *filter.inode)) return base::Next::go_on;
        if (glob) {
            path.assign(row.folder);
            if (!row.name.empty()) (path == "/" ? path : path += '/') += row.name;
            if (!glob->matches(path)) return base::Next::go_on;
        }
        append_line(out, row, redactor, clock);
        if (out.size() >= k_piece) {
            write(out);
            out.clear();
        }
        return base::Next::go_on;
    }));
    write(out);
    return {};
}

base::Result<void> write_bodyfile(const FormatInput& input, OutputFile& out) {
    if (!input.report.tlp.empty()) out.write("# " + tlp_label(input.report.tlp) + "\n");  // mactime passes over such lines
    out.write(bodyfile_clock_note(input.report.clock));
    return write_bodyfile_lines(input.view, {{}, {}, "", {}, input.report.redact}, [&](std::string_view text) { out.write(text); });
}

}  // namespace deadbox::report
