#include "run/line_file.h"

#include <algorithm>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run/os.h"

namespace sz::run {

LineFile::LineFile(Descriptor file, Drain& drain)
    : file_(std::move(file)), end_(file_.get()), drain_(&drain) {}

LineFile::LineFile(int fd, Drain& drain) : end_(fd), drain_(&drain) {}

int LineFile::write(std::string_view bytes) {
  if (std::exchange(torn_, false)) buffer_ += '\n';
  buffer_ += bytes;
  return buffer_.size() >= buffer_size && buffer_.back() == '\n' ? flush() : 0;
}

int LineFile::flush() {
  if (buffer_.empty()) return 0;
  int error = 0;
  std::size_t taken = 0;
  if (!failed_) {
    error = end_.write_all(buffer_, *drain_, &taken);
    failed_ = error != 0;
    if (failed_) cut_back(std::string_view(buffer_).substr(0, taken));
  }
  if (failed_)
    lost_ += static_cast<std::uint64_t>(std::ranges::count(std::string_view(buffer_).substr(taken), '\n'));
  buffer_.clear();
  if (buffer_.capacity() > 4 * buffer_size) buffer_ = std::string();  // one long line blew it up
  return error;
}

int LineFile::close() {
  const int unwritten = flush();
  const int end = end_.close();
  const int file = file_.close();
  return unwritten != 0 ? unwritten : end != 0 ? end : file;
}

// Only what was written here, and only while nobody else has added to it.
void LineFile::cut_back(std::string_view written) const {
  const std::size_t torn = written.size() - (written.rfind('\n') + 1);  // npos + 1 is 0
  if (torn == 0 || !file_) return;
  struct stat status{};
  if (::fstat(file_.get(), &status) != 0 || !S_ISREG(status.st_mode)) return;
  const off_t end = ::lseek(file_.get(), 0, SEEK_CUR);
  if (end == status.st_size) [[maybe_unused]]
    const int cut = ::ftruncate(file_.get(), end - static_cast<off_t>(torn));
}

std::string loss_words(std::uint64_t lines) {
  if (lines == 0) return {};
  if (lines == 1) return "; 1 line that was counted is lost";
  return fmt::format("; {} lines that were counted are lost", lines);
}

bool ends_with_line(int fd, int directory, const std::string& path) {
  Descriptor file = reopen_for_reading(fd);
  if (!file)
    file = Descriptor(::openat(directory, path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  struct stat status{}, known{};
  if (!file || ::fstat(file.get(), &status) != 0 || ::fstat(fd, &known) != 0 || status.st_size == 0)
    return true;
  if (status.st_dev != known.st_dev || status.st_ino != known.st_ino) return true;
  char last = '\n';
  return ::pread(file.get(), &last, 1, status.st_size - 1) != 1 || last == '\n';
}

}  // namespace sz::run
