#include "webshell/verdict.hpp"

#include <algorithm>
#include <array>

#include "webshell/page_command.hpp"
#include "webshell/page_flow.hpp"

namespace deadbox::plugins::webshell {
namespace {

using plugin::Confidence;
using plugin::Severity;

// Fewer words than these say nothing for a script.
constexpr std::uint32_t k_telling_words = 30;
// The same for short programs of other languages.
bool says_little(const Features& f) { return f.word_count < 55 && f.size < 4000; }
constexpr std::uint32_t k_short_code = 4000;  // bytes of decoded code that hold no second thing
// Above it the vocabulary speaks for a shell, where something else does so too.
constexpr double k_words_of_shells = 0.3;

// A sign that decides alone.
struct Decisive {
    Sign sign;
    Severity level;
    Confidence confidence;
    std::string_view kind;
    double words = -99;  // at least: an application's own vocabulary says that it is its business
};
constexpr Decisive k_decisive[] = {
    {Sign::request_code, Severity::critical, Confidence::certain, "request_code"},
    {Sign::request_command, Severity::critical, Confidence::certain, "request_command"},
    {Sign::socket_shell, Severity::high, Confidence::likely, "socket_shell", -0.5},
    {Sign::remote_code, Severity::high, Confidence::likely, "remote_code", -3},
    {Sign::remote_dropper, Severity::high, Confidence::likely, "remote_dropper", -1.5},
    {Sign::script_dropper, Severity::high, Confidence::likely, "script_dropper", -0.5},
    {Sign::hidden_code, Severity::high, Confidence::likely, "hidden_code", -3},
    {Sign::request_callable, Severity::high, Confidence::likely, "request_callable", -1.5},
    {Sign::request_include, Severity::high, Confidence::likely, "request_include", -1.5},
    {Sign::hidden_name, Severity::high, Confidence::likely, "hidden_name", -1},
    {Sign::hidden_callable, Severity::high, Confidence::likely, "hidden_callable", -1.5},
    {Sign::rule, Severity::high, Confidence::likely, "rule", -1.5},
    {Sign::handler, Severity::high, Confidence::likely, "handler"},
    {Sign::symlink_farm, Severity::high, Confidence::likely, "symlink_farm"},
};
// Signs that decide in a script that does little else; in an application they are a hole, or what it is for.
struct InSmall {
    Sign sign;
    std::uint32_t tokens;  // at most
    bool alone;            // and it includes no other script
    Severity level;
    std::string_view kind;
    double words = -1.5;   // at least
};
constexpr InSmall k_in_small[] = {
    {Sign::request_script_write, 1500, true, Severity::high, "request_script_write", 0.5},
    {Sign::request_script_write, 40, true, Severity::high, "request_script_write", -1},
    {Sign::partial_code, 3000, false, Severity::high, "partial_code", 0},
    {Sign::request_write, 3000, true, Severity::high, "request_write", 0},
    {Sign::request_write, 120, true, Severity::high, "request_write", -1},
    {Sign::undefined_code, 8000, true, Severity::high, "undefined_code", -0.5},
    {Sign::undefined_command, 8000, true, Severity::high, "undefined_command", 0},
    {Sign::undefined_callable, 400, true, Severity::high, "undefined_callable"},
    {Sign::upload, 700, true, Severity::high, "uploader", 0},
    {Sign::partial_command, 400, true, Severity::high, "partial_command"},
    {Sign::read_file, 120, true, Severity::high, "file_reader", 0.5},
    {Sign::file_code, 90, true, Severity::high, "stored_code", 0.5},
    {Sign::remove_file, 60, true, Severity::high, "file_remover", 0.5},
};

// The request's word is an argument of programs that the script names: a hole at most, where nothing checks it.
bool only_gives_arguments(const Features& f) { return f.has(Sign::partial_command) && f.fixed_programs == f[Sign::partial_command].count; }

// The tools of an intruder, each of which administrators use too.
constexpr Sign k_tools[] = {Sign::sql_console, Sign::database_login, Sign::read_file, Sign::list_folder, Sign::remove_file, Sign::write_file, Sign::upload, Sign::request_write,
                            Sign::connect, Sign::mail, Sign::fixed_command, Sign::partial_command, Sign::environment, Sign::loosened, Sign::password_gate, Sign::decoded_code,
                            Sign::undefined_code, Sign::undefined_command, Sign::undefined_callable, Sign::partial_code, Sign::symlink_farm, Sign::hidden_code};
int tools(const Features& f) { return static_cast<int>(std::count_if(std::begin(k_tools), std::end(k_tools), [&](Sign s) { return f.has(s); })); }
Sign first_tool(const Features& f) {
    for (const Sign s : k_tools) if (f.has(s)) return s;
    return Sign::last;
}

// Programs of all kinds run commands in these languages; words must agree.
bool is_cgi(Language l) { return l == Language::perl || l == Language::python || l == Language::ruby || l == Language::shell || l == Language::lua || l == Language::node; }

// What applications have no need of: two of these together are no accident, whatever the rest of the script speaks of.
bool hides_a_deed(const Features& f) {
    const auto count = [&](std::initializer_list<Sign> signs) { return std::count_if(signs.begin(), signs.end(), [&](Sign s) { return f.has(s); }); };
    const auto hidden = count({Sign::hidden_name, Sign::hidden_code, Sign::hidden_callable, Sign::decoded_code});
    return hidden > 0 && hidden + count({Sign::request_code, Sign::request_command, Sign::remote_code, Sign::request_callable}) >= 2;
}

// Hidden code of which no end was reached, nothing that it takes from outside is seen, and its words are no shell's: a
// vendor's encoder writes so.
bool is_merely_encoded(const Features& f) {
    if (f.language != Language::php || f.acts || f.words > k_words_of_shells || f.layers > 2 || (f.parsed_fully && f[Sign::hidden_code].detail != "undecoded text")) return false;
    return std::none_of(std::begin(k_decisive), std::end(k_decisive), [&](const Decisive& d) { return d.sign != Sign::hidden_code && f.has(d.sign); });
}

// One piece at the start or the end of a longer script that speaks otherwise.
bool is_at_edge(const Features& f, Sign sign) {
    if (f.has(Sign::appended)) return true;
    if (f.language != Language::php || sign == Sign::last || f.size < 1500 || f.tokens < 300 || f.words > 3) return false;
    const auto& place = f[sign];
    return place.count <= 4 && (place.offset < f.size / 8 || place.offset > f.size - f.size / 8);
}

// Every deed stands behind the application's own login, and none is hidden: administrators' tools are.
bool is_behind_login(const Features& f) {
    constexpr Sign said[] = {Sign::vocabulary, Sign::environment, Sign::loosened, Sign::password_gate, Sign::upload_checked, Sign::partial_include, Sign::object_injection};
    constexpr Sign hides[] = {Sign::hidden_code, Sign::decoded_code, Sign::hidden_name, Sign::hidden_callable, Sign::remote_code, Sign::remote_dropper, Sign::script_dropper, Sign::socket_shell, Sign::rule, Sign::symlink_farm, Sign::image_code};
    if (f.in_image || std::any_of(std::begin(hides), std::end(hides), [&](Sign s) { return f.has(s); })) return false;
    bool any = false;
    for (std::size_t i = 0; i < k_signs; ++i) {
        const auto& place = f.signs[i];
        if (place.count == 0 || std::find(std::begin(said), std::end(said), static_cast<Sign>(i)) != std::end(said)) continue;
        if (place.behind_login < place.count) return false;
        any = true;
    }
    return any;
}

// Commands that the script itself names, and nothing that it takes from whoever asks: a page that shows how the server does.
bool only_fixed_commands(const Features& f) {
    constexpr Sign plain[] = {Sign::vocabulary, Sign::environment, Sign::loosened, Sign::fixed_command};
    if (f.language != Language::php || f.acts || f.evaluates || !f.parsed_fully || f.in_image || !f.has(Sign::fixed_command) || f.named_commands != f[Sign::fixed_command].count) return false;
    for (std::size_t i = 0; i < k_signs; ++i)
        if (f.signs[i].count > 0 && std::find(std::begin(plain), std::end(plain), static_cast<Sign>(i)) == std::end(plain)) return false;
    return true;
}

template <class Raise>
void panel(const Features& f, Raise& raise) {
    const bool page = is_server_page(f.language);
    const bool browses = f.has(Sign::list_folder), changes = f.has(Sign::write_file) || f.has(Sign::request_write) || f.has(Sign::upload) || f.has(Sign::remove_file);
    const bool named = f[Sign::fixed_command].detail == k_named_command;
    if (page && f.has(Sign::fixed_command)) raise(named ? Severity::low : Severity::high, named ? Confidence::possible : Confidence::likely, Sign::fixed_command, "fixed_command");
    if (page && f.language != Language::coldfusion && f.has(Sign::connect) && f[Sign::connect].detail != "openconnection" && f[Sign::connect].detail != "httpwebrequest" && f[Sign::connect].detail != "webclient" && f[Sign::connect].detail != "xmlhttp" && f[Sign::connect].detail != "cfhttp")
        raise(Severity::high, Confidence::likely, Sign::connect, "tunnel");
    if (page && f.has(Sign::sql_console)) raise(f.has(Sign::write_file) || f.has(Sign::request_write) ? Severity::high : Severity::medium, Confidence::likely, Sign::sql_console, "database_console");
    const auto says = [&](Sign sign, std::string_view detail) { return page && f[sign].detail == detail; };
    // The request names server and query, or whichever table there is: no site gives its database away so.
    if (says(Sign::sql_console, "every table") || (says(Sign::database_login, k_requests_server) && f.has(Sign::sql_console))) raise(Severity::high, Confidence::likely, Sign::sql_console, "database_console");
    if (says(Sign::loosened, "endless script time") && f.has(Sign::database_login)) raise(Severity::high, Confidence::likely, Sign::database_login, "database_console");
    if (says(Sign::list_folder, k_requests_path) && (says(Sign::read_file, k_requests_path) || says(Sign::remove_file, k_requests_path) || says(Sign::request_write, k_requests_path))) raise(Severity::high, Confidence::likely, Sign::list_folder, "file_browser");
    if (says(Sign::connect, k_requests_address)) raise(Severity::high, Confidence::likely, Sign::connect, "tunnel");
    if (page && browses && says(Sign::read_file, k_requests_path)) raise(Severity::high, Confidence::likely, Sign::read_file, "file_browser");
    if (page && browses && f.has(Sign::loosened)) raise(Severity::high, Confidence::likely, Sign::list_folder, "whole_disk");
    if (page && browses && changes && tools(f) >= (f.language == Language::jsp || f.language == Language::aspx ? 3 : 5)) raise(Severity::high, Confidence::likely, Sign::list_folder, "panel");
    else if (page && tools(f) >= 3) raise(Severity::medium, Confidence::possible, first_tool(f), "panel");
}

// A text of the request is written down, and a program that the script names to the last letter reads it.
bool writes_for_its_program(const Features& f) { return f.has(Sign::write_file) && f.has(Sign::fixed_command) && f.named_commands == f[Sign::fixed_command].count && f.parsed_fully; }

// A small page with one of the deeds that honest small pages have (a form, a guestbook, "uptime"), or with none: its few words
// are those of any form.
constexpr std::uint32_t k_small_page_words = 40;
bool is_small_page(const Features& f) {
    constexpr Sign plain[] = {Sign::fixed_command, Sign::write_file, Sign::upload, Sign::list_folder, Sign::mail, Sign::connect, Sign::environment, Sign::loosened, Sign::password_gate};
    if (f.language != Language::php || f.evaluates || f.word_count >= k_small_page_words) return false;
    return std::all_of(std::begin(k_tools), std::end(k_tools), [&](Sign s) { return !f.has(s) || std::find(std::begin(plain), std::end(plain), s) != std::end(plain) || (s == Sign::partial_command && only_gives_arguments(f)); }) && tools(f) <= (writes_for_its_program(f) ? 2 : 1);
}

// Words alone prove nothing; with tools in hand they tell a shell from an application. The borders were set so that
// applications that the words were not made from stay below (tests/bench/webshell.md).
template <class Raise>
void words(const Features& f, Raise& raise) {
    const int n = tools(f);
    if (is_small_page(f) || f.language == Language::ssi) return;  // directives have no words of their own
    // Few words say little: a small form handler looks like a small shell.
    if (f.evaluates && f.words > 4 && f.word_count >= 12) raise(Severity::high, Confidence::likely, n > 0 ? first_tool(f) : Sign::vocabulary, "panel");
    if (f.words == 0 || f.word_count < (n == 0 ? 20u : 8u)) return;
    if (n == 0 && !f.acts && f.string_share > 0.7) return;  // a list of words: an editor's, a scanner's
    if (n == 0 && f.makes_request && !f.evaluates) return;
    if (n == 0 && f.bounded > 0 && f.parsed_fully && !f.evaluates) return;  // what the request may choose was seen
    // An application's page includes what it is made of; a shell stands alone.
    const double border = (n == 0 ? (f.acts ? 2.4 : 3.6) : n == 1 ? 1.8 : n == 2 ? 1.0 : 0.7) + (n == 0 && f.includes > 0 ? 1.2 : 0);
    if (f.words > border) raise(Severity::high, Confidence::likely, n > 0 ? first_tool(f) : Sign::vocabulary, "panel");
    else if (f.words > border - 0.7 && n > 1) raise(Severity::medium, Confidence::possible, first_tool(f), "panel");
}

}  // namespace

std::string_view name_of(Severity level) {
    static constexpr std::string_view names[] = {"info", "low", "medium", "high", "critical"};
    return names[static_cast<std::size_t>(level)];
}

Verdict judge(const Features& f) {
    Verdict v;
    v.rule = "script";
    const auto raise = [&](Severity level, Confidence confidence, Sign sign, std::string_view kind) {
        if (v.strongest != Sign::last && (level < v.level || (level == v.level && confidence <= v.confidence))) return;
        v.level = level;
        v.confidence = confidence;
        v.strongest = sign;
        v.kind = kind;
    };
    for (const auto& d : k_decisive)
        if (f.has(d.sign)) {
            if (f.words != 0 && f.words < d.words && f.word_count >= k_telling_words && d.sign != Sign::rule && !hides_a_deed(f)) raise(Severity::low, Confidence::possible, d.sign, d.kind);
            else if (is_cgi(f.language) && f.words != 0 && f.words < 0.5 && !says_little(f) && !(f.followed && f.words > -1) && d.sign != Sign::rule) raise(Severity::low, Confidence::possible, d.sign, d.kind);
            else raise(d.level, d.confidence, d.sign, d.kind);
        }
    for (const auto& s : k_in_small)
        if ((f.language == Language::php || (s.sign == Sign::request_write && is_server_page(f.language))) && f.has(s.sign) && f.tokens <= s.tokens && (f.words == 0 || f.words > s.words) && !(s.sign == Sign::upload && f[s.sign].detail == "into a folder of its own") && (!s.alone || f.includes == 0)) raise(s.sign == Sign::partial_command && only_gives_arguments(f) ? Severity::medium : s.level, Confidence::likely, s.sign, s.kind);
    // Pictures are shown, never included.
    if (f.has(Sign::file_code) && f[Sign::file_code].detail == "include of an image") raise(Severity::high, Confidence::likely, Sign::file_code, "stored_code");
    if (f.underscore_share > 0.6 && f.variables > 12 && f.words_in_code < 8 && f.longest_string < 12) raise(Severity::high, Confidence::likely, Sign::hidden_code, "code_without_letters");
    // Code hidden twice over hides something.
    if (f.has(Sign::decoded_code) && f.layers >= 2 && f.words > -1.5) raise(Severity::high, Confidence::likely, Sign::decoded_code, "decoded_code");
    if (!f.parsed_fully && f.evaluates && f.words > 1.5) raise(Severity::high, Confidence::likely, Sign::vocabulary, "too_involved");
    if (v.level == Severity::high && is_merely_encoded(f)) v.level = Severity::medium;
    // What was hidden is seen, and does nothing of an intruder's: a vendor's encoder, perhaps.
    const bool seen_whole = f.word_count < k_small_page_words && (f.layers == 1 || (f.plain_inside && f.decoded_bytes < k_short_code));
    const bool names_decoders = f.has(Sign::hidden_name) && f[Sign::hidden_name].count == f.hidden_decoders && seen_whole && f.plain_inside;
    const bool harmless_inside = f.has(Sign::decoded_code) && f.parsed_fully && !f.acts && f.layers < 3 && (f.words < 3 || seen_whole) && std::count_if(f.signs.begin(), f.signs.end(), [](const Place& p) { return p.count > 0; }) == (names_decoders ? 2 : 1);
    // A CGI program in shell with a browser's deeds has no other use.
    if (f.language == Language::shell && f.size < 20'000 && f.words > -0.5 && (f.has(Sign::write_file) || (f.has(Sign::read_file) && f.has(Sign::list_folder)))) raise(Severity::high, Confidence::likely, f.has(Sign::write_file) ? Sign::write_file : Sign::read_file, "file_browser");
    // A CGI program that lists the request's folder and reads, writes or removes the request's file.
    const auto requests = [&](Sign sign) { return f[sign].detail == k_requests_path; };
    if (is_cgi(f.language) && says_little(f) && f.words > -1.5 && requests(Sign::request_write)) raise(Severity::high, Confidence::likely, Sign::request_write, "request_write");
    if (is_cgi(f.language) && f.words > -0.5 && requests(Sign::list_folder) && (requests(Sign::read_file) || requests(Sign::remove_file) || requests(Sign::request_write))) raise(Severity::high, Confidence::likely, Sign::list_folder, "file_browser");
    if (f.language == Language::php && f.includes == 0 && f.words > -1.5) {
        if (f.has(Sign::sql_console) && f.has(Sign::database_login) && f.tokens < 3000) raise(Severity::high, Confidence::likely, Sign::sql_console, "database_console");
        if (f.has(Sign::mail) && f[Sign::mail].detail == "whole letter" && f.tokens < 3000 && f.words > -1) raise(Severity::high, Confidence::likely, Sign::mail, "mailer");
        if (f.has(Sign::connect) && f.tokens < 1500 && f.words > 1) raise(Severity::high, Confidence::likely, Sign::connect, "tunnel");
    }
    panel(f, raise);
    words(f, raise);
    // A shell that carries such a tool's name or code along remains one.
    if (harmless_inside && v.level >= Severity::medium) v.level = seen_whole ? Severity::low : Severity::medium;
    if (only_fixed_commands(f) && v.level >= Severity::medium) v.level = Severity::low;
    // An administrator's tool; but whoever runs any code there needs no second door.
    if (v.level >= Severity::medium && is_behind_login(f)) v.level = v.level == Severity::critical ? Severity::high : f.has(Sign::request_callable) || f.has(Sign::request_include) ? Severity::medium : Severity::low;
    if (f.has(Sign::dual_use) && v.level >= Severity::medium && f.words < (v.level == Severity::critical ? 3 : 4)) {
        v.level = Severity::medium;
        v.rule = "dual_use";
        v.strongest = Sign::dual_use;
    } else if (f.language == Language::htaccess || f.language == Language::user_ini) v.rule = "handler";
    else if (f.in_image && v.level >= Severity::medium) v.rule = "in_image";
    else if (v.level >= Severity::high && is_at_edge(f, v.strongest)) v.rule = "appended";
    v.score = v.level == Severity::critical ? 90 : v.level == Severity::high ? 75 : v.level == Severity::medium ? 50 : v.level == Severity::low ? 25 : 0;
    v.score = std::clamp(v.score + std::clamp(f.words, -2.0, 2.0) * 4, 0.0, 100.0);
    v.notable = v.level >= Severity::low;
    return v;
}

}  // namespace deadbox::plugins::webshell
