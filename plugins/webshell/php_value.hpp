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

using Taint = std::uint16_t;
enum : Taint {
    k_request = 1,     // holds data of the request
    k_whole = 2,       // the request decides it from its first byte
    k_remote = 4,      // fetched from another machine
    k_file = 8,        // read from a file
    k_upload = 16,     // the temporary path of an upload
    k_undefined = 32,  // a variable that nothing assigns (register_globals)
    k_hidden = 64,     // made from constants by steps that were not followed
    k_decoded = 128,   // passed through a decoder
    k_built = 256,     // put together from pieces
    k_self = 512,      // the script's own text
    k_script_name = 1024,  // unknown, but it ends like a script's name
    k_page_name = 2048,    // the same of a page, .html
    k_temporary = 4096,    // the path of a temporary file
    k_into_file = 8192,    // a query that writes a file
    k_piece = 16384,       // the part that a list is asked about: a name's ending, an address's host
    k_below = 32768,       // of the request, and no way out of the folder that stands before it
};

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
    Taint taint = 0;
    std::uint8_t layers = 0;  // decoding steps behind it
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
