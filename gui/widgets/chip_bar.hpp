// Filters as chips: each says what it holds to and is taken away by a click, or by Delete.
#pragma once

#include <QWidget>

class QHBoxLayout;

namespace deadbox::gui {

class ChipBar : public QWidget {
    Q_OBJECT
public:
    explicit ChipBar(QWidget* parent = nullptr);
    struct Chip {
        QString id, text;
    };
    void setChips(const QList<Chip>& chips);

Q_SIGNALS:
    void removed(const QString& id);

private:
    QHBoxLayout* m_row;
};

}  // namespace deadbox::gui
