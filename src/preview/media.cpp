// What a picture's file says about itself.
#include "content/picture_facts.hpp"

#include "preview/previews.hpp"

namespace deadbox::preview {

base::Result<std::int64_t> media(const Order&, const Sources& sources, Answer& answer) {
    TRY_ASSIGN(const content::PictureFacts picture, content::read_picture_facts(*sources.front()));
    answer.property("picture", "format", picture.format);
    if (picture.width > 0 && picture.height > 0) answer.property("picture", "size in pixels", std::to_string(picture.width) + " × " + std::to_string(picture.height));
    if (picture.trailing > 0) answer.property("picture", "bytes behind its end", std::to_string(picture.trailing));
    for (const auto& fact : picture.facts) answer.property("written by a camera or a program", fact.name, fact.value);
    return -1;
}

}  // namespace deadbox::preview
