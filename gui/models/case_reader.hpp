// What a reading thread has of the case: its own connection, the texts, and the flag that ends what nobody waits for any
// more. Lives on that thread only; no transaction outlives a job.
#pragma once

#include <QString>

#include <atomic>
#include <map>
#include <memory>
#include <optional>

#include "case/text_memory.hpp"
#include "case/view.hpp"
#include "report/line_maker.hpp"
#include "report/model.hpp"
#include "report/texts.hpp"

namespace deadbox::gui {

class CaseReader {
public:
    static base::Result<std::unique_ptr<CaseReader>> open(const std::string& path, const std::string& language);

    const case_file::View& view() const { return m_view; }
    const report::Texts& texts() const { return *m_texts; }
    // Lines for rows of the timeline; made when first asked for, and anew after forget().
    base::Result<report::LineMaker*> lines();
    // The case's texts, as far as somebody had them read.
    case_file::TextMemory& text_memory() { return m_text_memory; }
    // Things with statements of this connection (an index of the timeline): they live and die here, named by a number.
    template <class T>
    T* kept(std::int64_t key) const {
        const auto found = m_kept.find(key);
        return found == m_kept.end() ? nullptr : static_cast<T*>(found->second.get());
    }
    template <class T>
    T* keep(std::int64_t key, T thing) {
        auto owned = std::make_shared<T>(std::move(thing));
        m_kept[key] = owned;
        return owned.get();
    }
    void drop(std::int64_t key) { m_kept.erase(key); }
    void forget() { m_lines.reset(); }  // the case has changed
    bool stopped() const { return m_stop != nullptr && m_stop->load(std::memory_order_relaxed); }
    // Queries from now on end early when `stop` becomes true.
    void watch(const std::atomic<bool>* stop);

private:
    CaseReader(case_file::View view, std::shared_ptr<const report::Texts> texts) : m_view(std::move(view)), m_texts(std::move(texts)) {}
    case_file::View m_view;
    std::shared_ptr<const report::Texts> m_texts;
    std::unique_ptr<report::LineMaker> m_lines;
    case_file::TextMemory m_text_memory;  // before those that were made with it
    std::map<std::int64_t, std::shared_ptr<void>> m_kept;
    const std::atomic<bool>* m_stop = nullptr;
    std::optional<case_file::Interruptible> m_interruptible;
};

}  // namespace deadbox::gui
