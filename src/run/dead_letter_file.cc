#include <cerrno>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "core/quote.h"
#include "run/dead_letters.h"
#include "run/letter.h"
#include "run/letter_file.h"
#include "run/os.h"
#include "run/write_end.h"

namespace sz::run {
namespace {

constexpr std::size_t buffer_size = std::size_t{64} << 10;
constexpr Duration sync_pause{1'000'000'000};

class InFile final : public DeadLetters {
 public:
  InFile(std::string path, LetterFile file, DlqSync sync, std::string run_id, StderrSink error)
      : path_(std::move(path)),
        file_(std::move(file)),
        sync_(sync),
        letters_(std::move(run_id)),
        error_(std::move(error)) {}

  void write(const Letter& letter) override {
    letters_.append(buffer_, letter);
    if (sync_ == DlqSync::record) {
      append();
      sync();
    } else if (buffer_.size() >= buffer_size) {
      append();
    }
  }

  void flush(Time now) override {
    append();
    if (sync_ != DlqSync::exit || !unsynced_) return;
    if (!since_) since_ = now;
    if (now - *since_ >= sync_pause) sync();
  }

  Time due() const override { return since_ ? *since_ + sync_pause : never; }

  void close() override {
    append();
    if (sync_ == DlqSync::exit && unsynced_) sync();
    if (const int error = file_.close(); error != 0) report(error);
  }

  bool broken() const override { return broken_; }

 private:
  void append() {
    if (buffer_.empty()) return;
    LetterFile::Appended done;
    if (!broken_) {
      done = file_.append(buffer_);
      unsynced_ = true;
      if (done.error != 0) report(done.error);
    }
    if (done.saved < buffer_.size())
      show_unsaved(std::string_view(buffer_).substr(0, done.saved).rfind('\n') + 1);
    buffer_.clear();
  }

  void sync() {
    unsynced_ = false;
    since_.reset();
    if (broken_) return;
    if (const int error = file_.sync(); error != 0) report(error);
  }

  void report(int error) {
    if (!std::exchange(broken_, true))
      error_(fmt::format("sz: cannot write dead letters to {}: {}\n", quote(path_), write_words(error)));
  }

  /// The letters in the buffer from the byte `from` on, the first of them torn perhaps.
  void show_unsaved(std::size_t from) {
    for (std::string_view rest = std::string_view(buffer_).substr(from); !rest.empty();) {
      const std::size_t end = rest.find('\n');
      error_(fmt::format("sz: unsaved dead letter: {}\n",
                         quote(rest.substr(0, end), static_cast<std::size_t>(-1))));
      rest.remove_prefix(end + 1);
    }
  }

  std::string path_;
  LetterFile file_;
  DlqSync sync_;
  LetterWriter letters_;
  StderrSink error_;
  std::string buffer_;
  bool broken_ = false;
  bool unsynced_ = false;
  std::optional<Time> since_;  ///< the first flush() that left something unsynced
};

}  // namespace

std::expected<std::unique_ptr<DeadLetters>, SystemError> open_dead_letter_file(const std::string& path,
                                                                               DlqSync sync,
                                                                               std::string run_id,
                                                                               UsedFiles& used, Drain& drain,
                                                                               StderrSink error) {
  auto file = LetterFile::open(path, used, drain);
  if (!file) return std::unexpected(std::move(file.error()));
  return std::make_unique<InFile>(path, *std::move(file), sync, std::move(run_id), std::move(error));
}

std::string make_run_id() {
  const auto random = system_random();
  return fmt::format("{:016x}", random ? *random : std::random_device()() * std::uint64_t{0x1'0000'0001});
}

}  // namespace sz::run
