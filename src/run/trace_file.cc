#include "run/trace_file.h"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/quote.h"

namespace sz::run {
namespace {

constexpr std::string_view head = "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n";
constexpr std::string_view tail = "\n]}\n";

SystemError fault(const std::string& path, std::string_view why) {
  return {fmt::format("cannot write trace to {}: {}", quote(path), why)};
}

}  // namespace

std::expected<TraceFile, SystemError> TraceFile::open(const std::string& path, UsedFiles& used) {
  // O_NONBLOCK: a FIFO without a reader is refused, not waited for.
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0666));
  if (!file) return std::unexpected(fault(path, system_words(errno)));
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) return std::unexpected(fault(path, system_words(errno)));
  if (!S_ISREG(status.st_mode)) return std::unexpected(fault(path, "it is no regular file"));
  if (auto same = used.claim(file.get(), path)) return std::unexpected(*std::move(same));
  if (::ftruncate(file.get(), 0) != 0) return std::unexpected(fault(path, system_words(errno)));
  TraceFile made(path, std::move(file));
  made.append({});
  return made;
}

TraceFile::TraceFile(TraceFile&& other) noexcept
    : path_(std::move(other.path_)),
      file_(std::move(other.file_)),
      end_(other.end_),
      any_(other.any_),
      error_(other.error_) {}

void TraceFile::append(std::string_view events) {
  const std::lock_guard lock(mutex_);
  if (error_ != 0) return;
  text_.clear();
  if (end_ == 0) text_ += head;
  if (!events.empty() && std::exchange(any_, true)) text_ += ",\n";
  text_ += events;
  const std::size_t size = text_.size();
  text_ += tail;
  for (std::size_t done = 0; done < text_.size();) {
    const ssize_t n =
        ::pwrite(file_.get(), text_.data() + done, text_.size() - done, static_cast<off_t>(end_ + done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      error_ = n < 0 ? errno : EIO;
      return;
    }
    done += static_cast<std::size_t>(n);
  }
  end_ += size;
}

std::optional<SystemError> TraceFile::close() {
  const std::lock_guard lock(mutex_);
  if (const int error = file_.close(); error != 0 && error_ == 0) error_ = error;
  if (error_ == 0) return std::nullopt;
  return fault(path_, system_words(std::exchange(error_, 0)));
}

}  // namespace sz::run
