#include "run/events.h"

#include <utility>

#include <fmt/format.h>

#include "core/quote.h"
#include "core/stage.h"
#include "json/write.h"
#include "run/letter_file.h"

namespace sz::run {
namespace {

constexpr std::size_t buffer_size = std::size_t{64} << 10;

struct AppendValue {
  std::string& out;
  void operator()(std::uint64_t number) const { out += fmt::to_string(number); }
  void operator()(std::string_view text) const { json::append_string(out, text); }
  void operator()(const JsonText& json) const { out += json.text; }
  void operator()(Time t) const { out.append(1, '"').append(to_rfc3339(t)) += '"'; }
  void operator()(Duration d) const { out += fmt::to_string(static_cast<double>(d.ns) / 1e9); }
};

class InFile final : public Events {
 public:
  InFile(std::string path, LetterFile file, std::string run_id)
      : path_(std::move(path)), file_(std::move(file)), run_id_(std::move(run_id)) {}

  void write(const Event& event, Time now) override {
    if (failed_) return;
    if (now != stamped_) {
      stamped_ = now;
      ts_ = to_rfc3339(now);
    }
    append_event(buffer_, event, run_id_, ts_);
    if (buffer_.size() >= buffer_size) append();
  }

  std::optional<SystemError> flush() override {
    append();
    return std::exchange(fault_, std::nullopt);
  }

  std::optional<SystemError> close() override {
    append();
    note(file_.close());
    return std::exchange(fault_, std::nullopt);
  }

 private:
  void append() {
    if (!buffer_.empty() && !failed_) note(file_.append(buffer_).error);
    buffer_.clear();
  }
  void note(int error) {
    if (error == 0 || std::exchange(failed_, true)) return;
    fault_ = SystemError{fmt::format("cannot write events to {}: {}", quote(path_), system_words(error))};
  }

  std::string path_;
  LetterFile file_;
  std::string run_id_;
  std::string buffer_;
  std::optional<Time> stamped_;  // many events are of one stride, and so of one time:
  std::string ts_;               // its text
  bool failed_ = false;
  std::optional<SystemError> fault_;
};

}  // namespace

void append_event(std::string& out, const Event& event, const std::string& run_id, std::string_view ts) {
  out.append(R"({"v":1,"ts":")").append(ts);
  out.append(R"(","run":")").append(run_id);
  out.append(R"(","event":")").append(event.kind) += '"';
  if (event.stage != nullptr) {
    out.append(R"(,"stage":")").append(event.stage->name());
    out.append(R"(","index":)").append(fmt::format_int(event.stage->index()).c_str());
  }
  if (event.clock) out.append(R"(,"clock":")").append(to_rfc3339(*event.clock)) += '"';
  for (const EventField& field : event.fields) {
    out.append(",\"").append(field.name).append("\":");
    std::visit(AppendValue{out}, field.value);
  }
  out += "}\n";
}

std::expected<std::unique_ptr<Events>, SystemError> open_event_file(const std::string& path,
                                                                    std::string run_id, UsedFiles& used,
                                                                    Drain& drain) {
  auto file = LetterFile::open(path, used, drain, "events");
  if (!file) return std::unexpected(std::move(file.error()));
  return std::make_unique<InFile>(path, *std::move(file), std::move(run_id));
}

}  // namespace sz::run
