// Back and forward across pages, as in a browser: each entry is a page and its place.
#pragma once

#include <QString>
#include <QVariantMap>

#include <vector>

namespace deadbox::gui {

struct Visit {
    QString page;
    QVariantMap place;
};

class History {
public:
    // Leaves the place where one is (`place` of the current page) and goes to a new one; what was ahead is forgotten.
    void go(const QVariantMap& place, const QString& page);
    bool can_go_back() const { return m_at > 0; }
    bool can_go_forward() const { return m_at + 1 < m_visits.size(); }
    // The visit to show now; `place` is where one was.
    Visit back(const QVariantMap& place);
    Visit forward(const QVariantMap& place);

private:
    std::vector<Visit> m_visits;
    std::size_t m_at = 0;
};

}  // namespace deadbox::gui
