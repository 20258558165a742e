#include "cli/file_json.hpp"

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "report/findings.hpp"
#include "report/json_writer.hpp"

namespace deadbox::cli {

base::Result<VolumeLabels> volume_labels(const case_file::View& view) {
    VolumeLabels labels;
    TRY_ASSIGN(const auto rows, case_file::volumes(view));
    for (const auto& row : rows) labels.emplace(row.id, row.label_id);
    return labels;
}

void write_file(report::JsonWriter& json, const case_file::FileDetail& f, const std::string& ref, const VolumeLabels& volumes) {
    json.begin_object().key("path");
    if (f.path.empty()) json.null();
    else json.value(f.path);
    if (!base::is_utf8(f.path)) json.member("path_hex", base::to_hex(f.path));
    const auto volume = volumes.find(f.volume);
    json.member("ref", ref).member_or_null("volume", volume == volumes.end() ? std::string_view() : std::string_view(volume->second)).member("system", f.system);
    json.member_or_null("state", f.state_name).member("inode", case_file::number_of(f.inode)).member("generation", f.generation).member("type", case_file::type_name(f.type));
    json.member("mode", fmt::format("{:04o}", f.mode)).member("uid", f.uid).member("gid", f.gid).member("links", f.links).member("size", f.size).member_or_null("rdev", f.rdev).key("target");
    if (f.type == 3) json.value(f.target);
    else json.null();
    if (f.type == 3 && !base::is_utf8(f.target)) json.member("target_hex", base::to_hex(f.target));
    json.member("flags", f.flags).member("name_allocated", f.name_allocated).member("inode_allocated", f.inode_allocated).member("content", case_file::content_name(f)).key("times");
    report::write_times(json, {f.modified, f.accessed, f.changed, f.born, f.deleted});
    json.member_or_null("md5", f.md5).member_or_null("sha1", f.sha1).member_or_null("sha256", f.sha256).member_or_null("content_type", f.content_type).key("xattrs").begin_object();
    for (const auto& [name, value] : case_file::attributes_of(f.attributes)) json.member(name, base::to_hex(value));
    json.end_object().end_object();
}

std::string mode_text(int type, std::uint32_t mode) {
    std::string text(1, std::string_view("?-dlcbps")[type >= 0 && type < 8 ? static_cast<std::size_t>(type) : 0]);
    for (int shift = 6; shift >= 0; shift -= 3) {
        const std::uint32_t bits = mode >> shift & 7;
        const bool special = (mode & (shift == 6 ? 04000u : shift == 3 ? 02000u : 01000u)) != 0;
        text += (bits & 4) != 0 ? 'r' : '-';
        text += (bits & 2) != 0 ? 'w' : '-';
        const char executes = shift == 0 ? 't' : 's', plain = shift == 0 ? 'T' : 'S';
        text += special ? ((bits & 1) != 0 ? executes : plain) : ((bits & 1) != 0 ? 'x' : '-');
    }
    return text;
}

}  // namespace deadbox::cli
