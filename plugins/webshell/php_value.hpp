// What is known of a PHP value without running anything: its type and content where they follow from constants, and
// where it comes from.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "webshell/php_syntax.hpp"

namespace deadbox::plugins::webshell::php {

using Taint = std::uint32_t;
inline constexpr Taint k_free = 65536;  // of the request, and no check left only few letters of it (php_patterns.hpp)
inline constexpr Taint k_request = 1 | k_free;  // holds data of the request: asked as `taint & k_request`, of which few letters leave one bit
inline constexpr Taint k_whole = 2;  // the request decides it from its first byte
inline constexpr Taint k_remote = 4;  // fetched from another machine
inline constexpr Taint k_file = 8;  // read from a file
inline constexpr Taint k_upload = 16;  // the temporary path of an upload
inline constexpr Taint k_undefined = 32;  // a variable that nothing assigns (register_globals)
inline constexpr Taint k_hidden = 64;  // made from constants by steps that were not followed
inline constexpr Taint k_decoded = 128;  // passed through a decoder
inline constexpr Taint k_built = 256;  // put together from pieces
inline constexpr Taint k_self = 512;  // the script's own text
inline constexpr Taint k_script_name = 1024;  // unknown, but it ends like a script's name
inline constexpr Taint k_page_name = 2048;  // the same of a page, .html
inline constexpr Taint k_temporary = 4096;  // the path of a temporary file
inline constexpr Taint k_into_file = 8192;  // a query that writes a file
inline constexpr Taint k_piece = 16384;  // the part that a list is asked about: a name's ending, an address's host
inline constexpr Taint k_below = 32768;  // of the request, and no way out of the folder that stands before it
inline constexpr Taint k_to_shell = 131072;  // of the request, and a known piece behind it gives it to a shell or into a script: " | sh", " > x.php"

enum class Type : std::uint8_t { unknown, null, boolean, integer, real, string, array, object, closure, stream };
enum class Special : std::uint8_t { none, server, files, globals, methods };

struct Value;
struct Object;
struct Stream;

struct Data {
    virtual ~Data() = default;
};
struct StringData final : Data {
    explicit StringData(std::string t) : text(std::move(t)) {}
    std::string text;
};
struct ArrayData;
struct ClosureData;

struct Value {
    Type type = Type::unknown;
    Special special = Special::none;
    std::uint8_t layers = 0;  // decoding steps behind it
    Taint taint = 0;
    union {
        std::int64_t integer = 0;
        double real;
    };
    std::shared_ptr<Data> data;  // by type; of an unknown: its known beginning, a StringData, or none

    static Value of(std::string text, Taint taint = 0, std::uint8_t layers = 0);
    static Value of(std::int64_t number) { Value v; v.type = Type::integer; v.integer = number; return v; }
    static Value of(double number) { Value v; v.type = Type::real; v.real = number; return v; }
    static Value of(bool truth) { Value v; v.type = Type::boolean; v.integer = truth; return v; }
    static Value unknown(Taint taint = 0) { Value v; v.taint = taint; return v; }
    static Value null() { Value v; v.type = Type::null; return v; }
    static Value list();

    bool is_known() const { return type != Type::unknown; }
    bool is_scalar() const { return type >= Type::null && type <= Type::string; }
    bool is_text() const { return type == Type::string; }
    bool from_request() const { return (taint & k_request) != 0; }
    // What a shell takes as it is: a program's argument, and no more.
    bool of_few_letters() const { return from_request() && (taint & k_free) == 0; }
    const std::string& text() const { return static_cast<const StringData&>(*data).text; }
    // The known beginning of an unknown string.
    std::string_view prefix() const { return type == Type::unknown && data ? std::string_view(static_cast<const StringData&>(*data).text) : std::string_view(); }
    ArrayData& array() const;
    ArrayData& own_array();  // copied when shared
    Object& object() const;
    ClosureData& closure() const;
    Stream& stream() const;

    std::optional<bool> truth() const;
    std::optional<std::string> to_text() const;
    std::optional<std::int64_t> to_integer() const;
    std::optional<double> to_real() const;
};

struct ArrayData final : Data {
    std::vector<std::pair<std::string, Value>> items;
    std::unordered_map<std::string, std::uint32_t> index;  // of more than eight items
    std::int64_t next = 0;
    Taint rest = 0;          // of what was stored under unknown keys
    bool incomplete = false;
    const Value* find(const std::string& key) const;
    Value& at(const std::string& key);
    Value& append();
    void erase(const std::string& key);
};

struct Object final : Data {
    std::string class_name;        // lower case
    const Node* declaration = nullptr;
    std::unordered_map<std::string, Value> properties;
    std::vector<Value> arguments;  // of a built-in class's constructor
    Taint taint = 0;
};

struct Stream final : Data {
    Value path;
    bool writes = false;
    std::size_t position = 0;
};

struct ClosureData final : Data {
    const Node* node = nullptr;
    std::unordered_map<std::string, Value> bound;
};

inline ArrayData& Value::array() const { return static_cast<ArrayData&>(*data); }
inline Object& Value::object() const { return static_cast<Object&>(*data); }
inline ClosureData& Value::closure() const { return static_cast<ClosureData&>(*data); }
inline Stream& Value::stream() const { return static_cast<Stream&>(*data); }

// Of two values together: below a folder only where both are.
constexpr Taint merged(Taint a, Taint b) {
    const bool open = ((a & k_request) && !(a & k_below)) || ((b & k_request) && !(b & k_below));
    return static_cast<Taint>((a | b) & ~(open ? k_below : 0));
}
// Steps that may make other letters of what had few.
constexpr Taint freed(Taint taint) { return taint & k_request ? taint | k_free : taint; }
// All taint inside of a value, items included; `budget` bounds the walk.
Taint deep_taint(const Value& value, int budget = 200);

// The result of a function that depends on its arguments alone; nullopt: not such a function. An argument that is
// not known makes the result unknown, with the arguments' taint.
std::optional<Value> fold(std::string_view function, const std::vector<Value>& arguments, std::string_view self);
// Ends like a script that a web server runs.
bool is_script_name(std::string_view path);
bool is_sanitizer(std::string_view function);
bool is_decoder(std::string_view function);

Value concatenate(const Value& a, const Value& b);
Value binary(std::uint32_t operation, const Value& a, const Value& b);

}  // namespace deadbox::plugins::webshell::php
