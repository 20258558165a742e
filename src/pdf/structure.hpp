// The logical structure of a document (ISO 32000-1, 14.7): what is a heading, a row, a paragraph. Readers for people who do
// not see, and programs that take text out, go by it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pdf/file.hpp"

namespace deadbox::pdf {

using Element = std::uint32_t;
inline constexpr Element k_document = 0;  // the root, which is there from the start

class Structure {
public:
    Structure() { m_elements.push_back({"Document", 0, {}, {}, {}}); }
    // `type`: a standard structure type, "H1", "P", "TR" ...
    Element add(Element parent, std::string_view type, std::string_view alternative = {}, std::string_view attributes = {});
    // A piece of a page belongs to the element; its number on that page.
    int mark(Element element, std::size_t page);
    // `pages`: their objects. The root of the structure; page n's entry in the parent tree is n.
    ObjectId write(File& file, const std::vector<ObjectId>& pages) const;

private:
    struct Kid {
        std::int32_t page = -1;  // -1: a child element
        std::uint32_t number = 0;
    };
    struct Node {
        std::string type;
        Element parent = 0;
        std::vector<Kid> kids;
        std::string alternative, attributes;
    };
    std::vector<Node> m_elements;
    std::vector<std::vector<Element>> m_marks;  // of each page
};

}  // namespace deadbox::pdf
