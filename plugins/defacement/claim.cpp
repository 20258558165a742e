#include "defacement/claim.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

namespace deadbox::plugins::defacement {
namespace {

using namespace std::string_view_literals;

// Phrases of pages that were taken over. A blank stands for any run of blanks and signs, none too. `weight` 10 is a
// claim in so many words; below it a phrase that innocent pages use as well.
struct Phrase {
    std::string_view text;
    std::string_view language;
    int weight;
};
constexpr auto k_claims = std::to_array<Phrase>({
    {"hacked by", "en", 10}, {"hacked bye", "en", 10}, {"defaced by", "en", 10}, {"pwned by", "en", 10}, {"pwnd by", "en", 10}, {"pawned by", "en", 9}, {"hax0red by", "en", 10}, {"haxored by", "en", 10}, {"hackd by", "en", 10},
    {"owned by", "en", 3}, {"rooted by", "en", 7}, {"stamped by", "en", 7}, {"touched by", "en", 5}, {"got hacked", "en", 7}, {"you have been hacked", "en", 9}, {"you've been hacked", "en", 9}, {"you been hacked", "en", 9},
    {"you are hacked", "en", 9}, {"has been hacked", "en", 8}, {"have been hacked", "en", 8}, {"was hacked", "en", 6}, {"is hacked", "en", 7}, {"been defaced", "en", 8}, {"been owned", "en", 8}, {"been pwned", "en", 8},
    {"site hacked", "en", 9}, {"website hacked", "en", 9}, {"server hacked", "en", 9}, {"was here", "en", 6}, {"attacked by", "en", 6}, {"hijacked by", "en", 8}, {"infected by", "en", 3}, {"hacked !", "en", 5},
    {"taken over by", "en", 6}, {"seized by", "en", 2}, {"destroyed by", "en", 4}, {"fucked by", "en", 8}, {"penetrated by", "en", 7}, {"compromised by", "en", 6}, {"breached by", "en", 6},
    {"we are legion", "en", 8}, {"we are anonymous", "en", 7}, {"expect us", "en", 6},
    {"gehackt von", "de", 10}, {"gehackt durch", "de", 9}, {"wurde gehackt", "de", 7}, {"seite gehackt", "de", 8}, {"gehackt door", "nl", 10}, {"is gehackt", "nl", 7},
    {"piraté par", "fr", 10}, {"pirate par", "fr", 9}, {"hacké par", "fr", 10}, {"hacke par", "fr", 9}, {"défacé par", "fr", 10}, {"site piraté", "fr", 8}, {"a été piraté", "fr", 8},
    {"hackeado por", "es", 10}, {"hackeada por", "es", 10}, {"jaqueado por", "es", 9}, {"pirateado por", "es", 8}, {"sitio hackeado", "es", 9}, {"ha sido hackead", "es", 8}, {"owneado por", "es", 9},
    {"hackeado pelo", "pt", 10}, {"invadido por", "pt", 8}, {"invadida por", "pt", 7}, {"pichado por", "pt", 10}, {"pixado por", "pt", 10}, {"desfigurado por", "pt", 8}, {"hackiado por", "pt", 10}, {"foi invadid", "pt", 6}, {"foi hackead", "pt", 8},
    {"hackerato da", "it", 10}, {"hackerata da", "it", 10}, {"violato da", "it", 7}, {"defacciato da", "it", 10}, {"bucato da", "it", 6},
    {"hacklendi", "tr", 10}, {"hacklenmiştir", "tr", 10}, {"hacklenmistir", "tr", 10}, {"hack edildi", "tr", 10}, {"hacklendiniz", "tr", 10}, {"hackledi", "tr", 9}, {"heklendi", "tr", 9}, {"tarafından hack", "tr", 10}, {"tarafindan hack", "tr", 10},
    {"hackleyen", "tr", 8}, {"ele geçirildi", "tr", 6},
    {"взломан", "ru", 8}, {"взломано", "ru", 9}, {"сайт взломан", "ru", 10}, {"хакнут", "ru", 9}, {"хакнуто", "ru", 9}, {"дефейс", "ru", 7}, {"зламано", "uk", 8}, {"зламаний", "uk", 7},
    {"تم اختراق", "ar", 9}, {"تم الاختراق", "ar", 9}, {"مخترق من", "ar", 9}, {"اخترق من قبل", "ar", 9}, {"تم تهكير", "ar", 9}, {"هک شد", "fa", 8}, {"هک شده توسط", "fa", 10},
    {"diretas oleh", "id", 10}, {"dihack oleh", "id", 10}, {"di hack oleh", "id", 10}, {"dihacked by", "id", 10}, {"telah dihack", "id", 9}, {"telah diretas", "id", 9}, {"diretas by", "id", 10}, {"dideface oleh", "id", 10}, {"terhack", "id", 7},
    {"被黑", "zh", 8}, {"黑客入侵", "zh", 7}, {"已被入侵", "zh", 8}, {"已被黑", "zh", 10}, {"到此一游", "zh", 9}, {"ハッキングされ", "ja", 7}, {"해킹", "ko", 5},
    {"zhackowan", "pl", 9}, {"shackowan", "pl", 9}, {"zhakowan", "pl", 9}, {"hacknuto", "cs", 9}, {"hacknuté", "cs", 8}, {"hackat av", "sv", 9}, {"hacket af", "da", 9}, {"hakkeroi", "fi", 6}, {"hackolta", "hu", 8}, {"bị hack bởi", "vi", 10}, {"hacked bởi", "vi", 10},
    {"hakovao", "sr", 7}, {"hakovan od", "sr", 9}, {"hackuar nga", "sq", 10}, {"hackuar prej", "sq", 10}, {"hakeriša", "lv", 7}, {"हैक", "hi", 5},
});

// What such pages say besides.
constexpr auto k_taunts = std::to_array<std::string_view>({
    "security is low", "security low", "low security", "your security", "security 0%", "0% security", "security is just an illusion", "no system is safe", "nothing is secure", "no security", "patch your", "fix your", "secure your", "greetz", "greets to",
    "gr33tz", "thanks to all", "special thanks", "dear admin", "hello admin", "hi admin", "sorry admin", "hey admin", "to admin", "admin :", "mr. admin", "we are legion", "expect us", "we do not forgive", "game over", "got owned", "just for fun", "cyber army",
    "cyber team", "cyber force", "hack team", "hacker team", "hackers team", "hacking team", "security team", "defacer", "haxor", "h4x", "crew", "was here", "catch me if you can", "you can't stop", "index backup", "backup your", "nothing deleted", "no files",
    "no files were", "don't panic", "only index", "free palestine", "long live", "we are :", "members :", "team members", "knowledge is free", "underground", "cyb3r", "root@", "hacktivis", "anonymous", "muslim", "freedom for", "stop war", "selamlar",
    "saygılar", "cyber", "salam", "привет", "güvenlik", "açık", "sızma", "hallo admin", "halo admin", "maaf admin", "selam", "shoutz", "shout out", "special for",
});

constexpr auto k_mirrors = std::to_array<std::string_view>({"zone-h.", "zone-h/", "zone-xsec", "zonexsec", "mirror-h.", "defacer.id", "haxor.id", "hax.or.id", "defacer.net", "mirror.", "aljyyosh", "zone-hc", "xatrix", "mirror-zone", "ownz.", "dark-h.", "hack-db", "hack-mirror",
                                                      "turkhackteam", "cyber-warrior", "attrition.org", "add-attack", "1337day", "spy-h."});

// Words that may stand before a claim that a page makes of itself.
constexpr auto k_openers = std::to_array<std::string_view>({"this", "your", "site", "website", "web", "webpage", "page", "server", "system", "has", "have", "been", "was", "is", "got", "sorry", "you", "hello", "admin", "oops", "ops", "ooops", "hi", "dear", "and", "the", "by",
    "security", "box", "domain", "index", "all", "just", "are", "diese", "seite", "wurde", "von", "ce", "site", "été", "este", "sitio", "ha", "sido", "foi", "bu", "situs", "ini", "telah", "web", "di", "a", "now", "again", "re", "fully", "totally", "successfully", "yes", "u",
    "сайт", "этот", "был", "ваш", "x", "mass", "completely", "get", "hacked", "defaced", "owned", "by", "&", "0wned"});

// What a page says that wants something of its visitors, or tells them about a thing of its own: no intruder sells tickets.
constexpr auto k_offers = std::to_array<std::string_view>({"book now", "book your", "book a", "buy now", "buy tickets", "tickets", "order now", "add to cart", "per person", "eur", "usd", "price", "prices", "opening hours", "sign up", "newsletter", "subscribe",
    "download now", "play now", "start game", "new game", "high score", "high scores", "highscore", "browser game", "video game", "escape room", "levels", "multiplayer", "new album", "album", "tour dates", "tour", "lyrics", "concert", "concerts", "gigs", "on stage",
    "streaming now", "listen on", "out now", "trailer", "now showing", "agency", "our services", "our clients", "our team of", "portfolio", "get a quote", "imprint", "impressum", "privacy policy", "terms of service", "cookie policy", "datenschutz", "jetzt buchen", "jetzt spielen", "agb",
    "preise", "neues album", "konzerte", "karten", "reservar ahora", "billets", "acheter", "mentions légales", "prenota", "comprar", "chapter", "isbn", "paperback", "a novel", "a film by", "workshop", "conference", "meetup", "awareness", "training", "exhibition", "podcast", "episode"});

// Bytes of which every claim holds one, in lower case; and how a page is hidden from this very look.
constexpr auto k_stems = std::to_array<std::string_view>({"hack", "h4ck", "h@ck", "hax", "h4x", "hakow", "hakov", "hakk", "heklen", "defac", "d3fac", "défac", "pwn", "pawned", "owned", "0wn", "own3d", "owneado", "was here", "w4s h3r3", "w4s here",
    "rooted", "r00ted", "stamped", "touched", "jacked", "fucked", "pirat", "invadid", "pichado", "pixado", "violato", "bucato", "retas ", "взл", "Взл", "ВЗЛ", "хак", "Хак", "ХАК", "дефейс", "злам", "Злам", "ختر", "تهكير", "هک", "被黑", "入侵",
    "一游", "ハッキ", "해킹", "jaquead", "attacked", "breached", "compromised by", "geçirildi", "penetrated", "taken over", "destroyed", "seized", "infected by", "desfigurado", "hakeri", "हैक", "greetz", "&#72;", "&#104;", "&#x48;", "&#x68;", "unescape(", "atob(", "fromcharcode"});

// What pages begin with that want to be stared at.
constexpr auto k_stage = std::to_array<std::string_view>({"<marquee", "<bgsound", "<audio", "autoplay=1", "<embed", "oncontextmenu", "bgcolor=\"black", "bgcolor=black", "bgcolor=\"#000", "bgcolor=#000"});

// Looks for all stems in one pass: the first two bytes pick the few that can begin there.
class Stems {
public:
    explicit Stems(std::span<const std::string_view> all) : m_rows(all.begin(), all.end()) {
        std::sort(m_rows.begin(), m_rows.end(), [](std::string_view a, std::string_view b) { return pair(a[0], a[1]) < pair(b[0], b[1]); });
        for (std::size_t i = 0; i < m_rows.size(); ++i) {
            auto& entry = m_first[pair(m_rows[i][0], m_rows[i][1])];
            if (entry == 0) entry = static_cast<std::uint8_t>(i + 1);
        }
    }
    bool in(std::string_view text) const {
        for (std::size_t i = 0; i + 1 < text.size(); ++i) {
            const auto key = pair(low(text[i]), low(text[i + 1]));
            if (m_first[key] == 0) continue;
            for (std::size_t row = m_first[key] - 1u; row < m_rows.size() && pair(m_rows[row][0], m_rows[row][1]) == key; ++row) {
                const auto stem = m_rows[row];
                if (stem.size() > text.size() - i) continue;
                if (std::equal(stem.begin(), stem.end(), text.begin() + static_cast<std::ptrdiff_t>(i), [](char a, char b) { return a == low(b); })) return true;
            }
        }
        return false;
    }

private:
    static char low(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
    static std::size_t pair(char a, char b) { return std::size_t{static_cast<unsigned char>(a)} << 8 | static_cast<unsigned char>(b); }
    std::vector<std::string_view> m_rows;
    std::array<std::uint8_t, 65536> m_first{};
};

const Stems& stems() {
    static const Stems all(k_stems);
    return all;
}

bool is_sign(char c) { return c == ' ' || c == ':' || c == '.' || c == '-' || c == '_' || c == '~' || c == '*' || c == '|' || c == '=' || c == '>' || c == '<' || c == '[' || c == ']' || c == '(' || c == ')' || c == '{' || c == '}' || c == '!' || c == '#' || c == '/' || c == '\\' || c == '"' || c == '\''; }
bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80; }

struct Hit {
    std::size_t place = std::string_view::npos, length = 0;
};

// `phrase` in `text` from a word's start on (scripts without blanks between words: anywhere).
Hit find_phrase(std::string_view text, std::string_view phrase) {
    const auto first = phrase.substr(0, phrase.find(' '));
    for (std::size_t place = text.find(first); place != std::string_view::npos; place = text.find(first, place + 1)) {
        if (place > 0 && is_word(text[place - 1]) && static_cast<unsigned char>(first[0]) < 0x80) continue;
        std::size_t at = place, i = 0;
        bool same = true;
        while (i < phrase.size() && same) {
            if (phrase[i] == ' ') {
                std::size_t signs = 0;
                while (at < text.size() && is_sign(text[at]) && signs < 8) ++at, ++signs;
                ++i;
            } else if (at < text.size() && text[at] == phrase[i]) ++at, ++i;
            else same = false;
        }
        if (same) return {place, at - place};
    }
    return {};
}

// As words of their own.
bool is_said(std::string_view text, std::string_view words) {
    for (auto rest = text; !rest.empty();) {
        const auto hit = find_phrase(rest, words);
        if (hit.place == std::string_view::npos) return false;
        const auto end = hit.place + hit.length;
        if (end >= rest.size() || !is_word(rest[end])) return true;
        rest.remove_prefix(end);
    }
    return false;
}

// Everything before the claim is words that such pages open with.
bool opens_alone(std::string_view before) {
    int words = 0;
    for (std::size_t i = 0; i < before.size();) {
        if (!is_word(before[i])) {
            ++i;
            continue;
        }
        std::size_t end = i;
        while (end < before.size() && (is_word(before[end]) || before[end] == '\'')) ++end;
        const auto word = before.substr(i, end - i);
        if (std::find(k_openers.begin(), k_openers.end(), word) == k_openers.end() || ++words > 6) return false;
        i = end;
    }
    return true;
}

// A block that is the claim and nothing else: "HACKED!".
constexpr auto k_lone_words = std::to_array<Phrase>({{"hacked", "en", 7}, {"owned", "en", 6}, {"pwned", "en", 8}, {"defaced", "en", 8}, {"rooted", "en", 6}, {"hackeado", "es", 8}, {"gehackt", "de", 8}, {"hacklendi", "tr", 9}, {"взломано", "ru", 8}});

std::string_view bare_word(std::string_view text) {
    while (!text.empty() && is_sign(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_sign(text.back())) text.remove_suffix(1);
    return text;
}

int words_in(std::string_view text) {
    int words = 0;
    for (std::size_t i = 0; i < text.size(); ++i) words += is_word(text[i]) && (i == 0 || !is_word(text[i - 1]));
    return words;
}

struct Best {
    int points = 0;
    const Phrase* phrase = nullptr;
    std::string claim, where;
};

void consider(Best& best, std::string_view text, std::uint32_t words, Where where, std::string_view where_name) {
    const auto plain = unleet(unspaced(text));
    if (plain.size() != text.size()) words = static_cast<std::uint32_t>(words_in(plain));
    if (words > 14) return;  // a sentence
    if (!stems().in(plain)) return;
    const auto rate = [&](const Phrase& phrase, int points, std::size_t place) {
        points = points * phrase.weight / 10;
        if (points <= best.points) return;
        best.points = points, best.phrase = &phrase, best.where = where_name;
        best.claim = std::string(text.substr(std::min(place > 40 ? place - 40 : 0, text.size()), 200));
    };
    const int full = where == Where::title ? 38 : where == Where::heading ? 36 : 28;
    for (const auto& word : k_lone_words) {
        if (bare_word(plain) == word.text) rate(word, full, 0);
    }
    for (const auto& phrase : k_claims) {
        const auto hit = find_phrase(plain, phrase.text);
        if (hit.place == std::string_view::npos) continue;
        // Behind "… by" stands a name or a few; a headline goes on, asks, or explains.
        const auto behind = std::string_view(plain).substr(hit.place + hit.length);
        const auto colon = behind.find_first_of(":?");
        const bool headline = words_in(behind) > 7 || (colon != std::string_view::npos && colon > 0 && words_in(behind.substr(0, colon)) > 0 && words_in(behind.substr(colon)) >= 2) || behind.find('?') != std::string_view::npos;
        const bool alone = opens_alone(std::string_view(plain).substr(0, hit.place)) || phrase.language == "tr" || phrase.text == "was here" || phrase.text == "到此一游";
        if (where_name == "script" && phrase.text.ends_with(" by") && words_in(behind) == 0) continue;  // half of a message
        rate(phrase, alone && !headline ? full : 14, hit.place);
    }
}

}  // namespace

bool may_be_marked(std::string_view bytes) {
    bytes = bytes.substr(0, 524288);
    return stems().in(bytes) || (has_letters_apart(bytes) && stems().in(unspaced(bytes)));
}

bool may_be_staged(std::string_view bytes) {
    static const Stems stage(k_stage);
    return stage.in(bytes.substr(0, 32768));
}

int staged_score(const Page& page) {
    if (page.theatrics < 4 || page.words > 150 || page.own_links > 3 || page.paragraphs > 1 || page.code_bytes > 500) return 0;
    return std::min(45, 10 + static_cast<int>(page.theatrics) * 5 + (page.words <= 60 ? 10 : 0));
}

Mark mark_page(const Page& page, std::string_view bytes) {
    Mark mark;
    Best title, body, script;
    for (const auto& block : page.blocks) {
        if (block.where == Where::title) consider(title, block.text, block.words, block.where, "title");
        else consider(body, block.text, block.words, block.where, block.where == Where::heading ? "heading" : "text");
    }
    for (std::string_view rest = page.scripts; !rest.empty();) {
        const auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        if (line.find('<') != std::string_view::npos) {  // markup that is written by code: a page inside the page
            const auto inner = read_page(line);
            for (const auto& block : inner.blocks) consider(script, block.text, block.words, block.where, "script");
        } else consider(script, line, static_cast<std::uint32_t>(std::count(line.begin(), line.end(), ' ')) + 1, Where::text, "script");
    }
    const Best* best = &body;
    if (title.points >= best->points) best = &title;
    if (best->points == 0 || script.points > best->points + 10) best = &script;
    if (best->phrase == nullptr) return mark;
    mark.claim = best->claim, mark.where = best->where, mark.language = best->phrase->language;
    int score = best->points;
    if (title.points >= 20 && (body.points >= 20 || script.points >= 20)) score += 14;

    std::string all;
    for (const auto& block : page.blocks) {
        if (all.size() < 65536) all += unleet(block.text), all += ' ';
    }
    all += page.scripts.substr(0, 16384);
    for (const auto taunt : k_taunts) mark.taunts += find_phrase(all, taunt).place != std::string_view::npos;
    std::string low(bytes.substr(0, 262144));
    std::transform(low.begin(), low.end(), low.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    mark.mirror = std::any_of(k_mirrors.begin(), k_mirrors.end(), [&](std::string_view m) { return low.find(m) != std::string::npos; });

    const bool claimed = best->points >= 10;
    if (claimed) {
        score += std::min(mark.taunts, 3) * 8 + (mark.mirror ? 10 : 0);
        score += static_cast<int>(std::min(page.theatrics, 4u)) * 5;
        if (mark.where == "script" && page.theatrics == 0) score -= 20;  // words in a program, not on a page
        score += page.words <= 60 ? 22 : page.words <= 150 ? 14 : page.words <= 300 ? 4 : page.words <= 700 ? -12 : -35;
    }
    // Two such words, or one on a page that does not mock anybody: its title is a name, and the page is about that.
    int offers = 0;
    for (const auto offer : k_offers) offers += is_said(all, offer);
    if (!mark.mirror && mark.taunts < 2 && (offers >= 2 || (offers == 1 && mark.taunts == 0))) score -= 45;
    else if (claimed && best->points >= 10 && page.words <= 20 && mark.where != "script") score += 12;  // the page is the claim
    score -= static_cast<int>(std::min(page.paragraphs, 5u)) * 8;
    if (page.paragraphs > 0 && page.theatrics <= 2 && !mark.mirror) score -= 20;  // prose on a sober page
    if (page.own_links >= 8) score -= page.own_links >= 25 ? 30 : 15;
    if (page.article) score -= 10;
    // Much code around it: a program that holds the words, not a page that says them.
    if (page.code_bytes > 3000 && page.code_bytes * 2 > bytes.size()) score -= 30;
    mark.score = std::clamp(score, 0, 100);
    return mark;
}

}  // namespace deadbox::plugins::defacement
