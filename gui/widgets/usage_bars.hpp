// Where the room of a disk went: a bar a folder. A bar leads to its folder.
#pragma once

#include <QWidget>

#include "case/view_usage.hpp"

namespace deadbox::gui {

class UsageBars final : public QWidget {
    Q_OBJECT
public:
    explicit UsageBars(QWidget* parent = nullptr);
    void set_usage(const case_file::Usage& usage);
    int bars() const { return static_cast<int>(m_usage.folders.size()); }
    QSize sizeHint() const override;

Q_SIGNALS:
    void chosen(const std::string& path);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    bool event(QEvent* event) override;

private:
    int row_height() const;
    int row_at(const QPoint& point) const;  // -1: none
    QString name_of(int row) const;
    QString words_of(int row) const;
    case_file::Usage m_usage;
    int m_row = -1;  // that the keyboard is on
};

}  // namespace deadbox::gui
