#include "gui/models/history.hpp"

namespace deadbox::gui {
namespace {
constexpr std::size_t k_longest = 200;
}

void History::go(const QVariantMap& place, const QString& page) {
    if (!m_visits.empty()) {
        m_visits[m_at].place = place;
        m_visits.resize(m_at + 1);
    }
    m_visits.push_back({page, {}});
    if (m_visits.size() > k_longest) m_visits.erase(m_visits.begin());
    m_at = m_visits.size() - 1;
}

Visit History::back(const QVariantMap& place) {
    m_visits[m_at].place = place;
    if (m_at > 0) --m_at;
    return m_visits[m_at];
}

Visit History::forward(const QVariantMap& place) {
    m_visits[m_at].place = place;
    if (m_at + 1 < m_visits.size()) ++m_at;
    return m_visits[m_at];
}

}  // namespace deadbox::gui
