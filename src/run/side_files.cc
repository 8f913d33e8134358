#include "run/side_files.h"

#include <cerrno>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/quote.h"

namespace sz::run {
namespace {
constexpr std::size_t buffer_size = std::size_t{64} << 10;
}

class FileSet::File final : public SideFile {
 public:
  File(std::string name, int fd) : name_(std::move(name)), fd_(fd) {}

  void write(std::string_view bytes) override {
    buffer_ += bytes;
    if (buffer_.size() >= buffer_size) flush();
  }

  void flush() {
    if (!buffer_.empty() && !failed_) note(write_all(fd_, buffer_));
    buffer_.clear();
  }

  void note(int error) {
    if (error == 0 || failed_) return;
    failed_ = true;
    fault_ = SystemError{fmt::format("cannot write {}: {}", quote(name_), system_words(error))};
  }

  std::optional<SystemError> take_fault() { return std::exchange(fault_, std::nullopt); }

  Descriptor owned;  ///< empty for stderr

 private:
  std::string name_;
  int fd_;
  std::string buffer_;
  bool failed_ = false;
  std::optional<SystemError> fault_;
};

FileSet::FileSet(const InputFiles& inputs, int error)
    : inputs_(inputs), error_(std::make_unique<File>("standard error", error)) {}

FileSet::~FileSet() { close(); }

std::expected<SideFile*, SystemError> FileSet::open(const std::string& path, bool append) {
  const auto refuse = [&](int error) {
    return std::unexpected(SystemError{fmt::format("cannot write {}: {}", quote(path), system_words(error))});
  };
  const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | (append ? O_APPEND : 0);
  int fd;
  do fd = ::open(path.c_str(), flags, 0666);
  while (fd < 0 && errno == EINTR);
  if (fd < 0) return refuse(errno);
  Descriptor file(fd);
  if (auto same = inputs_.refuse(fd, path)) return std::unexpected(*std::move(same));
  struct stat status{};
  // Not O_TRUNC: the file must be known not to be an input first.
  if (!append && ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && ::ftruncate(fd, 0) != 0)
    return refuse(errno);
  files_.push_back(std::make_unique<File>(path, fd));
  files_.back()->owned = std::move(file);
  return files_.back().get();
}

SideFile* FileSet::standard_error() { return error_.get(); }

std::optional<SystemError> FileSet::flush() {
  std::optional<SystemError> first;
  const auto bring_out = [&](File& file) {
    file.flush();
    if (auto fault = file.take_fault(); fault && !first) first = std::move(fault);
  };
  for (const auto& file : files_) bring_out(*file);
  bring_out(*error_);
  return first;
}

std::optional<SystemError> FileSet::close() {
  auto first = flush();
  for (const auto& file : files_) {
    file->note(file->owned.close());
    if (auto fault = file->take_fault(); fault && !first) first = std::move(fault);
  }
  return first;
}

}  // namespace sz::run
