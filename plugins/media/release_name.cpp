#include "media/release_name.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace deadbox::plugins::media {
namespace {

enum Kind : unsigned { resolution = 1, source = 2, codec = 4, sound = 8, note = 16, crack = 32, music = 64 };

struct Tag {
    std::string_view word;
    unsigned kind;
};

// Lower case. Words are what lies between . _ blank - ( ) [ ] { } + , ~
constexpr auto k_tags = std::to_array<Tag>({
    {"240p", resolution}, {"360p", resolution}, {"480p", resolution}, {"480i", resolution}, {"540p", resolution}, {"576p", resolution}, {"576i", resolution},
    {"720p", resolution}, {"720i", resolution}, {"1080p", resolution}, {"1080i", resolution}, {"1440p", resolution}, {"2160p", resolution}, {"4320p", resolution},
    {"uhd", resolution}, {"ultrahd", resolution}, {"4k", resolution}, {"1920x1080", resolution}, {"1280x720", resolution}, {"848x480", resolution}, {"3840x2160", resolution},

    {"bluray", source}, {"bdrip", source}, {"brrip", source}, {"bdmux", source}, {"bdremux", source}, {"mbluray", source}, {"bd25", source}, {"bd50", source}, {"bdr", source},
    {"webdl", source}, {"webrip", source}, {"web", source}, {"webhd", source}, {"webmux", source}, {"webcap", source}, {"webdlrip", source}, {"hdtv", source}, {"hdtvrip", source},
    {"uhdtv", source}, {"pdtv", source}, {"sdtv", source}, {"dsr", source}, {"dsrip", source}, {"dthrip", source}, {"dvbrip", source}, {"satrip", source}, {"tvrip", source},
    {"ahdtv", source}, {"dvdrip", source}, {"dvdscr", source}, {"dvdscreener", source}, {"dvd5", source}, {"dvd9", source}, {"dvdr", source}, {"dvdmux", source}, {"mdvdr", source},
    {"dvd", source}, {"hddvd", source}, {"hddvdrip", source}, {"hdrip", source}, {"microhd", source}, {"hdcam", source}, {"hdts", source}, {"hdtc", source}, {"cam", source}, {"camrip", source},
    {"telesync", source}, {"telecine", source}, {"workprint", source}, {"screener", source}, {"scr", source}, {"bdscr", source}, {"brscreener", source}, {"ppv", source}, {"ppvrip", source},
    {"vhsrip", source}, {"vodrip", source}, {"remux", source}, {"cinemarip", source}, {"predvdrip", source}, {"vcd", source}, {"svcd", source}, {"kvcd", source}, {"hdlight", source},

    {"x264", codec}, {"x265", codec}, {"x266", codec}, {"h264", codec}, {"h265", codec}, {"h266", codec}, {"hevc", codec}, {"avc", codec}, {"xvid", codec}, {"divx", codec}, {"vc1", codec},
    {"mpeg2", codec}, {"av1", codec}, {"vp9", codec}, {"pdtvx264", codec}, {"10bit", codec}, {"8bit", codec}, {"hi10p", codec}, {"hdr10", codec}, {"hdr", codec}, {"hdr10plus", codec}, {"dovi", codec}, {"wmv", codec},

    {"aac", sound}, {"aac2", sound}, {"ac3", sound}, {"eac3", sound}, {"dd2", sound}, {"dd5", sound}, {"dd1", sound}, {"ddp", sound}, {"ddp2", sound}, {"ddp5", sound}, {"ddp7", sound}, {"dd51", sound}, {"ddp51", sound},
    {"dts", sound}, {"dtshd", sound}, {"dtsx", sound}, {"truehd", sound}, {"atmos", sound}, {"lpcm", sound}, {"opus", sound}, {"flac1", sound}, {"flac2", sound}, {"flac5", sound}, {"mp3", sound}, {"5.1ch", sound}, {"6ch", sound}, {"8ch", sound}, {"ogg", sound},

    {"proper", note}, {"repack", note}, {"rerip", note}, {"readnfo", note}, {"nfofix", note}, {"prooffix", note}, {"dirfix", note}, {"samplefix", note}, {"subbed", note}, {"dubbed", note}, {"multisubs", note}, {"vostfr", note},
    {"truefrench", note}, {"swesub", note}, {"nordic", note}, {"hardsub", note}, {"unrated", note}, {"uncut", note}, {"dirtydubbed", note}, {"hsbs", note}, {"msubs", note}, {"esub", note}, {"esubs", note}, {"multisub", note},
    {"dksubs", note}, {"nlsubs", note}, {"plsub", note}, {"pldub", note}, {"ws", note}, {"ntsc", note}, {"pal", note},

    {"keygen", crack}, {"keymaker", crack}, {"cracked", crack}, {"crackfix", crack}, {"regfile", crack}, {"patched", crack}, {"warez", crack}, {"nocd", crack}, {"xbox360", crack}, {"x360", crack}, {"ps2dvd", crack}, {"ps3", crack},
    {"ps4", crack}, {"ps5", crack}, {"nsw", crack}, {"wiiu", crack}, {"jtag", crack}, {"rgh", crack}, {"psp", crack}, {"psv", crack}, {"reloaded", crack}, {"skidrow", crack}, {"codex", crack}, {"cpy", crack}, {"tenoke", crack}, {"fitgirl", crack},
    {"magnitude", crack}, {"amped", crack}, {"lnd", crack}, {"bookware", crack}, {"retail.ebook", crack}, {"ebook", crack},

    {"flac", music}, {"vinyl", music}, {"cdda", music}, {"webflac", music}, {"24bit", music}, {"16bit", music}, {"2cd", music}, {"cds", music}, {"cdm", music}, {"cdr", music}, {"cdep", music}, {"bootleg", music}, {"advance", music},
    {"promo", music}, {"320kbps", music}, {"v0", music}, {"discography", music}, {"hdtracks", music}, {"sat", music}, {"dab", music}, {"ost", music}, {"cd", music},
});

// Extensions of what is kept under such names.
constexpr auto k_extensions = std::to_array<std::string_view>({"mkv", "avi", "mp4", "m4v", "mov", "wmv", "mpg", "mpeg", "ts", "m2ts", "vob", "iso", "img", "rar", "zip", "7z", "nfo", "sfv", "srt", "sub", "idx", "mp3",
    "flac", "m4a", "ogg", "torrent", "nzb", "par2", "txt", "jpg", "png", "log", "dat", "bin", "part", "divx", "webm", "flv", "rmvb", "nfo-orig", "diz", "m3u", "cue", "epub", "pdf", "exe"});

bool is_figure(char c) { return c >= '0' && c <= '9'; }
bool is_alnum(char c) { return is_figure(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_break(char c) { return std::string_view("._ -()[]{}+,~&'\t").find(c) != std::string_view::npos; }

unsigned kind_of(std::string_view word) {
    for (const auto& tag : k_tags) {
        if (tag.word == word) return tag.kind;
    }
    return 0;
}

std::string_view without_extension(std::string_view name) {
    for (int round = 0; round < 2; ++round) {
        const auto dot = name.rfind('.');
        if (dot == std::string_view::npos || dot == 0) break;
        std::string extension(name.substr(dot + 1));
        std::transform(extension.begin(), extension.end(), extension.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        const bool volume = extension.size() == 3 && (extension[0] == 'r' || extension[0] == 's' || is_figure(extension[0])) && is_figure(extension[1]) && is_figure(extension[2]);
        const bool part = extension.starts_with("part") && extension.size() <= 8 && std::all_of(extension.begin() + 4, extension.end(), is_figure);
        if (!volume && !part && std::find(k_extensions.begin(), k_extensions.end(), extension) == k_extensions.end()) break;
        name = name.substr(0, dot);
    }
    return name;
}

// S01, S01E02, s1e2e3, E146, 1x02, 2016.03.14 is left to the year.
bool is_episode(std::string_view word) {
    std::size_t i = 0;
    const auto digits = [&](std::size_t least, std::size_t most) {
        std::size_t count = 0;
        while (i < word.size() && is_figure(word[i])) ++i, ++count;
        return count >= least && count <= most;
    };
    if (word[0] == 's') {
        i = 1;
        if (!digits(1, 4)) return false;
        if (i == word.size()) return i >= 3;
        return word[i] == 'e' && (++i, digits(1, 4));
    }
    if (word[0] == 'e' && word.size() > 2) {
        i = word[1] == 'p' ? 2 : 1;
        return digits(2, 4) && i == word.size();
    }
    if (is_figure(word[0])) return digits(1, 2) && i < word.size() && word[i] == 'x' && (++i, digits(2, 3)) && i == word.size();
    return false;
}

}  // namespace

ReleaseName release_name(std::string_view name) {
    ReleaseName found;
    name = without_extension(name.substr(0, 512));
    if (name.size() < 8) return found;

    // The group: a word of letters and digits behind the last hyphen (a "[site]" behind it is passed over).
    auto body = name;
    if (body.ends_with("]")) {
        if (const auto open = body.rfind('['); open != std::string_view::npos && open > 8 && is_alnum(body[open - 1])) body = body.substr(0, open);
    }
    std::string_view group;
    if (const auto hyphen = body.rfind('-'); hyphen != std::string_view::npos && hyphen >= 4 && hyphen + 2 < body.size()) {
        group = body.substr(hyphen + 1);
        while (group.starts_with(".")) group.remove_prefix(1);
        const bool word = group.size() >= 2 && group.size() <= 20 && std::all_of(group.begin(), group.end(), [](char c) { return is_alnum(c) || c == '_' || c == '@'; });
        const bool lettered = std::any_of(group.begin(), group.end(), [](char c) { return is_alnum(c) && !is_figure(c); }) || group.size() == 3;
        if (!word || !lettered) group = {};
    }

    unsigned kinds = 0;
    int words = 0, dots = 0, blanks = 0, hyphens = 0;
    std::string word, before;
    bool last_is_tag = false;
    for (std::size_t i = 0; i <= name.size(); ++i) {
        if (i < name.size() && !is_break(name[i])) {
            const char c = name[i];
            word += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
            continue;
        }
        if (i < name.size()) dots += name[i] == '.' || name[i] == '_', blanks += name[i] == ' ', hyphens += name[i] == '-';
        if (word.empty()) continue;
        ++words;
        auto kind = kind_of(word);
        // Words that are parted in two: WEB-DL, Blu-ray, H.264, DTS-HD, VC-1, READ.NFO, DVD-Rip
        const auto pair = before + word;
        if (kind == 0 && !before.empty() && (word == "dl" || word == "rip" || word == "ray" || word == "264" || word == "265" || word == "266" || word == "hd" || word == "1" || word == "nfo" || word == "subs" || word == "sub"))
            kind = kind_of(pair);
        if (kind != 0 && words > 1) kinds |= kind;
        last_is_tag = kind != 0;
        const int number = word.size() == 4 && std::all_of(word.begin(), word.end(), is_figure) ? std::stoi(word) : 0;
        if (number >= 1900 && number <= 2049 && words > 1) found.year = true;
        if (is_episode(word)) found.episode = true;
        before = std::move(word);
        word.clear();
    }
    found.group = !group.empty() && !(last_is_tag && group.size() == before.size() && kinds == kind_of(before));
    found.resolution = (kinds & resolution) != 0, found.source = (kinds & source) != 0, found.codec = (kinds & codec) != 0;
    found.sound = (kinds & sound) != 0, found.note = (kinds & note) != 0, found.crack = (kinds & crack) != 0, found.music = (kinds & music) != 0;
    for (unsigned k = 1; k <= music; k <<= 1) found.tags += (kinds & k) != 0;
    found.dotted = blanks == 0 && dots >= 2;
    found.hyphened = blanks == 0 && hyphens >= 3;
    return found;
}

bool ReleaseName::scene() const {
    if ((!dotted && !hyphened) || !group || tags == 0) return false;
    const bool film = source || codec || (resolution && (year || episode)) || note;
    const bool record = (music || source || sound) && year;
    const bool told = tags >= 2 || year || episode || ((source || codec) && dotted);
    return (film && told && (dotted || tags >= 2)) || record || (crack && dotted);
}

bool ReleaseName::release() const {
    if (scene()) return true;
    const int film = int{resolution} + int{source} + int{codec} + int{sound};
    return film >= 3 || (film == 2 && (year || episode || group)) || (film == 1 && (source || codec) && (year || episode) && group);
}

}  // namespace deadbox::plugins::media
