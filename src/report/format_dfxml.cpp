// dfxml.xml: every name of the case as a Digital Forensics XML fileobject, elements in the order of the published schema.
// Characters that XML cannot hold are written as their escapes.
#include <map>

#include <fmt/format.h>

#include "case/view_files.hpp"
#include "case/view_places.hpp"
#include "report/format.hpp"
#include "report/redaction.hpp"
#include "report/tlp.hpp"
#include "report/visible.hpp"

namespace deadbox::report {
namespace {

void append_text(std::string& out, std::string_view bytes) {
    for (const char c : visible(bytes)) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            default: out += c;
        }
    }
}

void append_element(std::string& out, std::string_view name, std::string_view bytes) {
    fmt::format_to(std::back_inserter(out), "<{}>", name);
    append_text(out, bytes);
    fmt::format_to(std::back_inserter(out), "</{}>", name);
}

void append_time(std::string& out, std::string_view name, const std::optional<base::Timestamp>& time) {
    if (time) append_element(out, name, base::to_rfc3339(*time));
}

std::string_view type_letter(int type) {
    static constexpr std::string_view k_letters = "-rdlcbps";
    return k_letters.substr(type >= 0 && type < 8 ? static_cast<std::size_t>(type) : 0, 1);
}

// Where the content of a file lies: known of the files that findings name. fs_offset counts from the start of the volume.
void append_runs(std::string& out, const case_file::Place& place, std::int64_t volume_start) {
    if (place.extents.empty()) return;
    out += "<byte_runs>";
    for (const auto& extent : place.extents) {
        fmt::format_to(std::back_inserter(out), "<byte_run file_offset=\"{}\"", extent.offset);
        if (volume_start >= 0 && extent.media_offset >= static_cast<std::uint64_t>(volume_start)) fmt::format_to(std::back_inserter(out), " fs_offset=\"{}\"", extent.media_offset - static_cast<std::uint64_t>(volume_start));
        fmt::format_to(std::back_inserter(out), " img_offset=\"{}\" len=\"{}\"/>", extent.media_offset, extent.length);
    }
    out += "</byte_runs>";
}

struct Partition {
    int number = 0;  // from 1
    std::int64_t start = -1;
};

void append_file(std::string& out, const case_file::FileDetail& f, const std::string& ref, const Partition& partition, const std::optional<case_file::Place>& place, const Redactor& redactor) {
    out += "<fileobject>";
    if (f.directory) fmt::format_to(std::back_inserter(out), "<parent_object><inode>{}</inode></parent_object>", case_file::number_of(*f.directory));
    if (!f.path.empty()) append_element(out, "filename", f.path == "/" ? "." : redactor.name(std::string_view(f.path).substr(1)));
    if (partition.number > 0) append_element(out, "partition", std::to_string(partition.number));
    append_element(out, "id", ref);
    append_element(out, "name_type", type_letter(f.type));
    append_element(out, "filesize", std::to_string(f.size));
    append_element(out, "alloc_inode", f.inode_allocated ? "1" : "0");
    append_element(out, "alloc_name", f.name_allocated ? "1" : "0");
    if (f.path.empty()) append_element(out, "orphan", "1");
    append_element(out, "inode", std::to_string(case_file::number_of(f.inode)));
    append_element(out, "meta_type", std::to_string(f.type));
    append_element(out, "mode", std::to_string(f.mode));
    append_element(out, "nlink", std::to_string(f.links));
    append_element(out, "uid", std::to_string(f.uid)), append_element(out, "gid", std::to_string(f.gid));
    append_time(out, "mtime", f.modified), append_time(out, "ctime", f.changed), append_time(out, "atime", f.accessed), append_time(out, "crtime", f.born);
    if (f.generation >= 0) append_element(out, "seq", std::to_string(f.generation));
    append_time(out, "dtime", f.deleted);
    if (f.type == 3) append_element(out, "link_target", redactor.name(f.target));
    if (!f.content_type.empty()) append_element(out, "libmagic", f.content_type);
    if (place) append_runs(out, *place, partition.start);
    if (!f.md5.empty()) out += "<hashdigest type=\"md5\">" + f.md5 + "</hashdigest>";
    if (!f.sha1.empty()) out += "<hashdigest type=\"sha1\">" + f.sha1 + "</hashdigest>";
    if (!f.sha256.empty()) out += "<hashdigest type=\"sha256\">" + f.sha256 + "</hashdigest>";
    out += "</fileobject>\n";
}

}  // namespace

base::Result<void> write_dfxml(const FormatInput& input, OutputFile& out) {
    const std::string tlp = tlp_label(input.report.tlp);
    TRY_ASSIGN(const Redactor redactor, Redactor::load(input.view, input.report.redact));
    std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<dfxml xmlns=\"http://www.forensicswiki.org/wiki/Category:Digital_Forensics_XML\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" version=\"2.0.0-beta.0\">\n"
                       "<metadata><dc:type>Disk Image</dc:type>" + (tlp.empty() ? tlp : "<dc:rights>" + tlp + "</dc:rights>") + "</metadata>\n<creator><program>deadbox</program></creator>\n<source>";
    for (const auto& e : input.report.evidence)
        for (const auto& f : e.files) append_element(text, "image_filename", f.name);
    text += "</source>\n";
    TRY_ASSIGN(const auto volumes, case_file::volumes(input.view));
    std::map<std::int64_t, Partition> partitions;
    for (const auto& v : volumes) {
        partitions.emplace(v.id, Partition{static_cast<int>(partitions.size()) + 1, v.start});
        fmt::format_to(std::back_inserter(text), "<volume offset=\"{0}\"><partition_offset>{0}</partition_offset>", std::max<std::int64_t>(v.start, 0));
        if (!v.filesystem.empty()) append_element(text, "ftype_str", v.filesystem);
        text += "</volume>\n";
    }
    TRY_ASSIGN(case_file::Files files, case_file::Files::open(input.view));
    TRY_ASSIGN(case_file::Places places, case_file::Places::open(input.view));
    base::Result<void> located;
    TRY(files.below("/", true, [&](const case_file::FileDetail& file) {
        const auto place = places.of(file.inode);
        if (!place) {
            located = tl::unexpected(place.error());
            return base::Next::stop;
        }
        append_file(text, file, files.ref_of(file), partitions[file.volume], *place, redactor);
        out.write(text);
        text.clear();
        return base::Next::go_on;
    }));
    TRY(located);
    out.write(text += "</dfxml>\n");
    return {};
}

}  // namespace deadbox::report
