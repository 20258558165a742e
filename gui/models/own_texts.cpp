#include "gui/models/own_texts.hpp"

#include <QLocale>

#include <map>
#include <mutex>

#include "gui/models/evidence_text.hpp"

namespace deadbox::gui {

std::string window_language() { return QLocale().name().section(QLatin1Char('_'), 0, 0).toStdString(); }

base::Result<std::shared_ptr<const report::Texts>> texts_in(const std::string& language) {
    static std::mutex s_mutex;
    static std::map<std::string, std::shared_ptr<const report::Texts>> s_read;
    const std::lock_guard lock(s_mutex);
    auto& kept = s_read[language];
    if (!kept) {
        auto texts = report::Texts::load(language);
        if (!texts) texts = report::Texts::load("en");
        if (!texts) return tl::unexpected(std::move(texts).error());
        kept = std::make_shared<const report::Texts>(std::move(*texts));
    }
    return kept;
}

QString source_name(std::string_view source) {
    const auto texts = texts_in(window_language());
    if (!texts) return own(source);  // whoever reads the case says so
    const auto& name = (*texts)->find("report", "record_source." + std::string(source));
    return own(name.empty() ? source : std::string_view(name));
}

QString topic_name(std::string_view topic) {
    const auto texts = texts_in(window_language());
    return own(texts ? (*texts)->area(std::string(topic)) : std::string(topic));
}

}  // namespace deadbox::gui
