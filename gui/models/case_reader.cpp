#include "gui/models/case_reader.hpp"

#include "gui/models/own_texts.hpp"

namespace deadbox::gui {

base::Result<std::unique_ptr<CaseReader>> CaseReader::open(const std::string& path, const std::string& language) {
    TRY_ASSIGN(case_file::View view, case_file::View::open(path));
    TRY_ASSIGN(auto texts, texts_in(language));
    return std::unique_ptr<CaseReader>(new CaseReader(std::move(view), std::move(texts)));
}

base::Result<report::LineMaker*> CaseReader::lines() {
    if (!m_lines) {
        TRY_ASSIGN(report::LineMaker maker, report::LineMaker::open(m_view, *m_texts, {}));
        m_lines = std::make_unique<report::LineMaker>(std::move(maker));
    }
    return m_lines.get();
}

void CaseReader::watch(const std::atomic<bool>* stop) {
    m_stop = stop;
    m_interruptible.reset();
    if (stop != nullptr) m_interruptible.emplace(m_view.database(), [stop] { return stop->load(std::memory_order_relaxed); });
}

}  // namespace deadbox::gui
