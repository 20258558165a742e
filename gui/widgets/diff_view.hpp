// A text beside another version of it: what was taken out, what came in.
#pragma once

#include <QWidget>

#include <array>
#include <optional>
#include <vector>

#include "case/view_counterparts.hpp"
#include "gui/models/case_session.hpp"
#include "gui/models/evidence_bytes.hpp"
#include "gui/models/line_diff.hpp"

class QComboBox;
class QPlainTextEdit;

namespace deadbox::gui {

class PlainLabel;

class DiffView final : public QWidget {
    Q_OBJECT
public:
    explicit DiffView(QWidget* parent = nullptr);

    // Looks for other versions; found() tells how many. `bytes` is kept until the next call.
    void show_file(CaseSession* session, EvidenceBytes* bytes, const std::optional<case_file::FileDetail>& file);
    // Reads and compares, once it is looked at.
    void compare();
    QString shown_text() const;
    QString said() const;

Q_SIGNALS:
    void found(int versions);

protected:
    void changeEvent(QEvent* event) override;

private:
    void fetch(std::size_t side, const case_file::FileDetail& file);
    void take(std::size_t side, std::string text);
    void put(const std::vector<DiffLine>& lines);
    void colour();

    QPointer<CaseSession> m_session;
    QPointer<EvidenceBytes> m_bytes;
    std::optional<case_file::FileDetail> m_file;
    std::vector<case_file::Counterpart> m_versions;
    std::array<std::optional<std::string>, 2> m_texts;  // the older, the newer
    std::array<quint64, 2> m_asked{};
    std::vector<DiffLine::Kind> m_kinds;  // of each line that is shown
    std::array<Ticket, 3> m_tickets;  // of the two texts, and of the versions
    QComboBox* m_choice;
    PlainLabel* m_words;
    QPlainTextEdit* m_text;
};

}  // namespace deadbox::gui
