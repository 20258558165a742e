// Pages, bookmarks, links and what a reader is told about the file.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pdf/canvas.hpp"
#include "pdf/picture.hpp"
#include "pdf/structure.hpp"

namespace deadbox::pdf {

struct PageSize {
    double width = 595.276, height = 841.89;  // A4
};

struct Information {
    std::string title, author, subject, creator, language;
    std::string date;  // RFC 3339, "" where it is not told
};

class Document {
public:
    // `fonts` and `write` must outlive the document.
    Document(File::Write write, Fonts& fonts, const PageSize& size);

    std::size_t begin_page();  // its number, from 0; the page before it is written out
    std::size_t pages() const { return m_pages.size(); }
    Canvas& canvas() { return m_canvas; }  // of the page that was begun last
    Fonts& fonts() { return m_fonts; }
    const PageSize& size() const { return m_size; }
    Structure& structure() { return m_structure; }

    // A place that links lead to; y from the page's top.
    void anchor(std::string_view name, double y);
    void link(std::string_view anchor, double x, double y, double width, double height);
    // A bookmark of the present page; level 1 is outermost.
    void bookmark(int level, std::string_view title, double y);
    struct Place {
        std::size_t page = 0;
        double y = 0;
    };
    // Where an anchor lies; null where it is not known (yet).
    const Place* place_of(std::string_view anchor) const;
    // What Canvas::picture() draws; one a document.
    void set_picture(Picture picture) { m_picture = std::move(picture); }
    // Draws on every page after all are known: its number. Then writes what is left.
    void finish(const Information& information, base::FunctionRef<void(Canvas&, std::size_t page)> last);

private:
    struct Link {
        std::string anchor;
        double x = 0, y = 0, width = 0, height = 0;
    };
    struct Page {
        ObjectId id = 0, content = 0;
        std::vector<Link> links;
    };
    struct Bookmark {
        int level = 1;
        std::string title;
        Place place;
    };
    void end_page();
    std::string destination(const Place& place) const;
    ObjectId write_bookmarks();
    ObjectId write_metadata(const Information& information);
    std::string write_picture();  // the entry of the resources, "" without one

    File m_file;
    Fonts& m_fonts;
    PageSize m_size;
    EmbeddedFonts m_embedded;
    Canvas m_canvas;
    Structure m_structure;
    std::vector<Page> m_pages;
    std::map<std::string, Place, std::less<>> m_anchors;
    std::vector<Bookmark> m_bookmarks;
    std::optional<Picture> m_picture;
};

}  // namespace deadbox::pdf
