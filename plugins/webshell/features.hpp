// What the scripts' readers found, whatever the language: signs with their places, and figures.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace deadbox::plugins::webshell {

enum class Language : std::uint8_t { none, php, jsp, asp, aspx, coldfusion, perl, python, ruby, shell, lua, node, ssi, htaccess, user_ini };
std::string_view name_of(Language language);
// Languages of pages that a server compiles: JSP, ASP, ASPX, ColdFusion.
bool is_server_page(Language language);

// A sign is one kind of behaviour, each seen at a place. The order is stored nowhere; names are.
enum class Sign : std::uint8_t {
    request_code,          // code of the request is executed
    request_command,       // a command of the request is executed
    request_callable,      // the request names the function or class that is called
    request_include,       // a file named by the request is executed
    request_write,         // the request decides path and content of a file that is written
    request_script_write,  // content of the request is written to a script
    remote_code,           // code fetched from another machine is executed
    remote_dropper,        // a script is fetched from another machine and stored
    hidden_code,           // code that only decoding shows is executed, and could not be decoded
    decoded_code,          // code that only decoding shows is executed
    script_dropper,        // a script that is hidden in this one is written
    hidden_name,           // a dangerous function's name is put together from pieces
    hidden_callable,       // what is called cannot be seen, and has the request as its argument
    undefined_callable,    // a variable that nothing here assigns is called, with the request as its argument
    partial_code,          // code with a part from the request
    undefined_code,        // code from a variable that nothing here assigns (register_globals)
    undefined_command,
    partial_command,       // a part of a command comes from the request
    partial_include,
    partial_callable,
    file_code,             // code read from a file is executed
    fixed_command,         // commands run that are written in the script
    sql_console,           // a query of the request is sent to a database
    database_login,        // the request names database server or account
    read_file,             // the request names a file that is shown
    list_folder,
    remove_file,           // removed, renamed, or its mode changed
    write_file,            // written, with path or content of the request
    upload,                // an upload is stored under the name that the request gives
    upload_checked,        // an upload is stored elsewhere
    connect,               // a connection to a place that the request names
    mail,                  // mail to addresses of the request
    object_injection,      // unserialize() of the request
    environment,           // uname, id, disabled functions: what an intruder asks first
    loosened,              // limits that the script lifts: safe_mode, time limit, error reporting
    password_gate,         // the request is compared with a fixed password or digest
    image_code,            // PHP inside of an image
    self_reading,          // the script decodes its own text
    socket_shell,          // a shell tied to a socket
    vocabulary,            // words of shells
    rule,                  // a rule of ours names it
    handler,               // configuration that makes other files executable, or runs one before each
    appended,              // code behind or before a text that is otherwise another file
    panel,                 // many of an intruder's tools in one file
    symlink_farm,          // links to other accounts' configuration
    dual_use,              // a known tool that administrators use too
    template_injection,
    last
};
constexpr std::size_t k_signs = static_cast<std::size_t>(Sign::last);
std::string_view name_of(Sign sign);

struct Place {
    std::uint32_t count = 0;
    std::uint32_t behind_login = 0;  // of them, how many only somebody whom the application knows reaches
    std::uint32_t offset = 0;   // of the first, in the file
    std::uint8_t layer = 0;     // decoding layers above it
    std::string detail;         // of the first: what was called
    std::string excerpt;        // of the first
};

struct Features {
    Language language = Language::none;
    std::uint64_t size = 0;
    std::array<Place, k_signs> signs;
    double entropy = 0;               // bits a byte
    double coincidence = 0;           // index of coincidence of the letters
    std::uint32_t longest_line = 0;
    std::uint32_t longest_string = 0;
    double string_share = 0;          // of the code
    double comment_share = 0;
    std::uint32_t includes = 0;       // include and require
    double underscore_share = 0;      // of variables: named by underscores alone
    std::uint32_t variables = 0, words_in_code = 0;
    std::uint32_t odd_names = 0, silenced = 0, escaped_bytes = 0, tokens = 0;
    std::uint32_t layers = 0;         // decoded code layers
    std::uint32_t decoded_bytes = 0;
    std::uint32_t code_offset = 0;    // where the code starts
    std::uint32_t bounded = 0;        // deeds whose word of the request is one of the script's own, or stays below its folder
    bool plain_inside = false;        // the innermost decoded layer names nothing that matters
    std::uint32_t named_commands = 0;   // of the fixed commands, how many are told to the last letter and are no shells
    std::uint32_t fixed_programs = 0;   // of the partial commands, how many give the request's word to a program that the script names
    std::uint32_t hidden_decoders = 0;  // of the hidden names, how many only decode
    std::uint32_t word_count = 0;     // different words
    double words = 0;                 // score of the vocabulary
    bool in_image = false;
    bool evaluates = false;           // names a function that runs code
    bool acts = false;                // takes something from the request, and holds a function that matters
    bool parsed_fully = true;
    bool makes_request = false;       // $_SERVER = array(...): what a server would say is made up, for a test or a debugger
    bool followed = false;            // a value was followed from outside to the deed, and is whole there (program_flow.hpp)
    std::vector<std::string> decoded;  // beginnings of the decoded layers, at most eight
    std::vector<std::string> inclusions;  // what it runs besides scripts by their names (a text, a picture, a log), at most eight
    std::string rule;                  // the first matching rule of ours
    std::string dual_use;              // the tool's name
    const Place& operator[](Sign sign) const { return signs[static_cast<std::size_t>(sign)]; }
    Place& operator[](Sign sign) { return signs[static_cast<std::size_t>(sign)]; }
    bool has(Sign sign) const { return (*this)[sign].count > 0; }
    void add(Sign sign, std::uint32_t offset, std::uint8_t layer, std::string_view detail, std::string_view excerpt);
    // A fixed path that is included: kept unless it is a script by its name, which runs without that.
    void note_inclusion(std::string_view path);
};

// Entropy, index of coincidence and the longest line of a text.
void measure_text(std::string_view text, Features& features);

}  // namespace deadbox::plugins::webshell
