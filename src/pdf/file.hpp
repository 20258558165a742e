// A PDF 1.7 file as it is written: numbered objects, small ones packed into compressed object streams, and the table that
// finds them (ISO 32000-1, 7.5). Nothing depends on the clock; the file's identifier is the hash of its bytes.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <openssl/evp.h>

#include "base/function_ref.hpp"

namespace deadbox::pdf {

using ObjectId = int;

class File {
public:
    using Write = base::FunctionRef<void(std::string_view)>;
    // `write` gets the bytes in order; it must outlive the file.
    explicit File(Write write);
    ~File();
    File(const File&) = delete;

    ObjectId reserve() { return m_places.emplace_back(), static_cast<ObjectId>(m_places.size()) - 1; }
    void put(ObjectId id, std::string_view body);
    ObjectId add(std::string_view body) { return put_new(body); }
    // `entries`: of the stream's dictionary, without its length and filter.
    void stream(ObjectId id, std::string_view entries, std::string_view bytes);
    // Writes what is left. Nothing may follow.
    void finish(ObjectId catalog, ObjectId information);

private:
    struct Place {
        std::uint64_t offset = 0;  // in the file, or the object stream's number
        int index = -1;            // within an object stream
        bool packed = false;
    };
    ObjectId put_new(std::string_view body) {
        const auto id = reserve();
        put(id, body);
        return id;
    }
    void out(std::string_view bytes);
    void flush_packed();

    Write m_write;
    std::vector<Place> m_places{1};  // object 0 is none
    std::uint64_t m_size = 0;
    std::string m_packed, m_packed_table;
    std::vector<ObjectId> m_packed_ids;
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> m_digest;
};

// "12 0 R"
std::string reference(ObjectId id);
// A number with at most three decimals, never in scientific form.
std::string number(double value);
// A text string of a document: UTF-16 with its mark, in hexadecimal digits.
std::string text_string(std::string_view utf8);
// UTF-16BE of UTF-8 in hexadecimal digits.
std::string utf16_hex(std::string_view utf8);

}  // namespace deadbox::pdf
