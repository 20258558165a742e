#include "media/disguise.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace deadbox::plugins::media {
namespace {

constexpr auto k_media = std::to_array<std::string_view>({
    // video
    "mp4", "m4v", "mov", "qt", "3gp", "3g2", "3gpp", "mkv", "webm", "mk3d", "avi", "divx", "xvid", "mpg", "mpeg", "mpe", "mp2", "m1v", "m2v", "m2p", "vob", "ts", "m2ts", "mts", "m2t", "tp", "trp",
    "wmv", "asf", "wm", "dvr-ms", "wtv", "flv", "f4v", "ogv", "ogm", "ogx", "rm", "rmvb", "rv", "mxf", "mng", "amv", "lrv", "insv", "m4s", "cmfv", "cmfa", "mp4v", "hdmov", "evo", "dv", "vdr", "rec", "vid", "video", "movie", "gifv", "ismv", "part",
    // audio
    "mp3", "mpga", "m4a", "m4b", "m4p", "m4r", "aac", "adts", "flac", "fla", "ogg", "oga", "opus", "spx", "wav", "wave", "bwf", "w64", "rf64", "aif", "aiff", "aifc", "wma", "ra", "ram", "ape", "mka", "weba", "amr", "awb", "mid", "midi", "kar", "rmi",
    "au", "snd", "caf", "wv", "mpc", "mp+", "tta", "dsf", "dff", "f4a", "ac3", "dts", "gsm", "audio", "sound", "wem", "xwm", "sf2", "bank", "ani", "gif"});
constexpr auto k_archive = std::to_array<std::string_view>({"rar", "cbr", "rev", "zip", "cbz", "7z", "cb7", "ace", "lzh", "lha", "exe", "iso", "img", "torrent", "nzb"});
constexpr auto k_vague = std::to_array<std::string_view>({"dat", "bin", "data", "blob", "bak", "old", "orig", "cache", "enc", "raw", "file", "tmp", "temp", "swp", "x", "sav", "save", "idx", "pak", "res"});
constexpr auto k_foreign = std::to_array<std::string_view>({
    "txt", "log", "conf", "cfg", "cnf", "ini", "md", "csv", "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "rtf", "html", "htm", "shtml", "xhtml", "xml", "xsl", "json", "yml", "yaml", "css", "scss", "js", "map",
    "php", "php3", "php4", "php5", "php7", "phtml", "inc", "tpl", "asp", "aspx", "jsp", "cgi", "pl", "pm", "py", "pyc", "rb", "sh", "bash", "lua", "c", "h", "cc", "cpp", "hpp", "java", "class", "go", "rs",
    "jpg", "jpeg", "jpe", "png", "bmp", "ico", "tif", "tiff", "webp", "svg", "psd", "so", "a", "o", "ko", "la", "lib", "dll", "exe", "sys", "msi", "elf", "gz", "tgz", "bz2", "tbz", "xz", "txz", "tar", "zst", "lz4", "lzma", "cpio",
    "zip", "rar", "7z", "deb", "rpm", "apk", "jar", "war", "db", "sqlite", "sqlite3", "sql", "mdb", "dump", "frm", "ibd", "myd", "myi", "pem", "crt", "cer", "key", "gpg", "asc", "sig", "iso", "img", "vmdk", "vdi", "qcow2", "vhd", "core",
    "lock", "pid", "service", "list", "md5sums", "ttf", "otf", "woff", "woff2", "eot", "mo", "po", "journal", "eml", "mbox", "bashrc", "rules"});

template <std::size_t N>
bool holds(const std::array<std::string_view, N>& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Digests, identifiers and counters: only hexadecimal digits and hyphens (at least 8, a digit among them), only
// digits, or a long run of letters and digits without vowels' order: at least 20 with several digits and no break.
bool is_opaque(std::string_view stem) {
    if (stem.empty()) return false;
    std::size_t hex = 0, digits = 0, letters = 0, other = 0, upper = 0;
    for (const char c : stem) {
        if (is_digit(c)) ++digits, ++hex;
        else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) ++hex, ++letters;
        else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) ++letters;
        else if (c != '-' && c != '_') ++other;
        upper += c >= 'A' && c <= 'Z';
    }
    if (other == 0 && digits + static_cast<std::size_t>(std::count(stem.begin(), stem.end(), '-')) == stem.size()) return true;
    const auto breaks = static_cast<std::size_t>(std::count_if(stem.begin(), stem.end(), [](char c) { return c == '-' || c == '_'; }));
    if (hex + breaks == stem.size() && hex >= 8 && digits > 0) return true;
    const bool mixed = digits >= 3 && letters >= 8 && (upper >= 3 || digits >= 6);
    return other == 0 && stem.size() >= 20 && mixed && stem.find('_') == std::string_view::npos;
}

bool is_volume_extension(std::string_view e) {
    if (e.size() == 3 && (e[0] == 'r' || e[0] == 's' || e[0] == 't' || e[0] == 'z' || is_digit(e[0])) && is_digit(e[1]) && is_digit(e[2])) return true;
    return e.starts_with("part") && e.size() <= 8;
}

}  // namespace

Fit extension_fit(Kind kind, std::string_view content_type, std::string_view name) {
    name = name.substr(name.rfind('/') + 1);
    if (content_type == "application/zip" || kind == Kind::none || kind == Kind::torrent || kind == Kind::disc) return Fit::fits;  // much is a ZIP inside
    const auto dot = name.rfind('.');
    const bool has = dot != std::string_view::npos && dot > 0 && dot + 1 < name.size();
    std::string extension(has ? name.substr(dot + 1) : std::string_view{});
    std::transform(extension.begin(), extension.end(), extension.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (has && (kind == Kind::archive ? holds(k_archive, extension) || is_volume_extension(extension) : holds(k_media, extension))) return Fit::fits;
    const auto stem = has ? name.substr(0, dot) : name;
    const bool counter = stem.size() < 8 && std::all_of(stem.begin(), stem.end(), is_digit);
    if (is_opaque(stem) && !(counter && holds(k_vague, extension)) && (!has || !holds(k_foreign, extension))) return Fit::opaque;
    if (!has) return stem.starts_with("f_0") || stem.size() < 3 ? Fit::opaque : Fit::bare;
    if (std::all_of(extension.begin(), extension.end(), is_digit) || extension.size() > 12 || extension.find(' ') != std::string::npos) return Fit::bare;
    if (holds(k_vague, extension)) return Fit::vague;
    return holds(k_foreign, extension) ? Fit::foreign : Fit::unknown;
}

std::string_view fit_name(Fit fit) {
    static constexpr std::string_view names[] = {"fits", "opaque", "bare", "unknown", "vague", "foreign"};
    return names[static_cast<std::size_t>(fit)];
}

}  // namespace deadbox::plugins::media
