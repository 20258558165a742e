// How wrong the machine's clock was: a row of fields that opens in the page, never a dialog.
#pragma once

#include <QFrame>

#include <optional>

#include "base/timestamp.hpp"
#include "gui/models/time_format.hpp"

class QComboBox;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace deadbox::gui {

class PlainLabel;

class ClockForm : public QFrame {
    Q_OBJECT
public:
    explicit ClockForm(QWidget* parent = nullptr);
    // Opens with what the case has; example: a time as the machine wrote it, to show what becomes of it.
    void open(std::int64_t offset, const QString& source, const std::optional<base::Timestamp>& example, const TimeFormat& format);
    // Seconds that the clock was ahead (+) or behind (-), by the fields.
    std::int64_t offset() const;

Q_SIGNALS:
    void wanted(qint64 offset, const QString& source);

private:
    void update_example();
    void give();

    QComboBox* m_direction;
    QSpinBox *m_days, *m_hours, *m_minutes, *m_seconds;
    QLineEdit* m_source;
    PlainLabel* m_example;
    QPushButton* m_done;
    std::optional<base::Timestamp> m_time;
    TimeFormat m_format;
};

}  // namespace deadbox::gui
