#include "run/file_trees.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

#include <boost/container_hash/hash.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/quote.h"
#include "run/os.h"

namespace sz::run {
namespace {

/// Faults of the system, which the next record would meet as well. All others are about this one name.
constexpr std::array system_faults = {EMFILE, ENFILE, ENOMEM, ENOSPC, EDQUOT, EIO, EROFS};

Failure refusal(std::string error) { return {.kind = FailureKind::path, .error = std::move(error)}; }

/// Half of the descriptors that this process may have: others are wanted for input and commands.
std::size_t share_of_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1;
  return std::max<std::size_t>(1, static_cast<std::size_t>(limit.rlim_cur) / 2);
}

}  // namespace

/// One stage's view of a directory.
class FileTrees::Tree final : public SideTree {
 public:
  Tree(FileTrees& trees, Directory& in, std::string path, bool add, std::uint64_t most)
      : directory(&in), append(add), most_files(most), trees_(trees), path_(std::move(path)) {}

  std::expected<void, Failure> write(std::string_view name, std::string_view line) override {
    const auto slot = directory->files.find(name);
    Open* file = slot != Keyed<File>::none ? directory->files[slot].open.get() : nullptr;
    if (file == nullptr) {
      auto opened = trees_.open_file(*this, name);
      if (!opened) return std::unexpected(std::move(opened.error()));
      file = *opened;
    } else if (file->turn != trees_.open_.begin()) {
      trees_.open_.splice(trees_.open_.begin(), trees_.open_, file->turn);
    }
    int error = file->file.write(line);
    if (error == 0) error = file->file.write("\n");
    if (error != 0) trees_.note(error, file->shown);
    return {};
  }

  /// The path of a file as in messages.
  std::string shown(std::string_view name) const {
    if (path_ == ".") return quote(name);
    return quote(fmt::format("{}{}{}", path_, path_.ends_with('/') ? "" : "/", name));
  }

  Directory* directory;
  bool append;
  std::uint64_t most_files;

 private:
  FileTrees& trees_;
  std::string path_;
};

FileTrees::FileTrees(UsedFiles& used, Drain& drain, Limits limits)
    : used_(used), drain_(drain), limits_(limits) {
  limits_.open = std::clamp<std::size_t>(share_of_descriptors(), 1, limits_.open);
}

FileTrees::~FileTrees() = default;

std::expected<SideTree*, SystemError> FileTrees::open(const std::string& directory, bool append,
                                                      std::uint64_t most_files) {
  const auto refuse = [&](int error) {
    return std::unexpected(
        SystemError{fmt::format("cannot write in {}: {}", quote(directory), system_words(error))});
  };
  Descriptor at(open_directory(AT_FDCWD, directory.c_str(), true));
  struct stat status{};
  if (!at || ::fstat(at.get(), &status) != 0) return refuse(errno);
  if (::faccessat(AT_FDCWD, directory.c_str(), W_OK | X_OK, AT_EACCESS) != 0) return refuse(errno);
  std::unique_ptr<Directory>& shared = directories_[Id(status.st_dev, status.st_ino)];
  if (!shared) {
    shared = std::make_unique<Directory>();
    shared->at = std::move(at);
  }
  trees_.push_back(std::make_unique<Tree>(*this, *shared, directory, append, most_files));
  return trees_.back().get();
}

std::expected<FileTrees::Open*, Failure> FileTrees::open_file(const Tree& tree, std::string_view name) {
  Keyed<File>& files = tree.directory->files;
  Place place{.directory = tree.directory, .slot = files.find(name)};
  const bool first = place.slot == Keyed<File>::none;
  if (first && tree.most_files != 0 && files.size() >= tree.most_files)
    return std::unexpected(Failure{.kind = FailureKind::full, .error = "more files than --max-keys"});
  while (open_.size() >= limits_.open) close_oldest();
  auto file = open_beneath(tree, std::string(name));
  if (!file) return std::unexpected(std::move(file.error()));

  struct stat status{};
  const auto refuse = [&](std::string_view why) {
    return std::unexpected(refusal(fmt::format("{} {}", tree.shown(name), why)));
  };
  if (::fstat(file->get(), &status) != 0) return refuse(system_words(errno));
  if (!S_ISREG(status.st_mode)) return refuse("is no regular file");
  if (status.st_nlink > 1) return refuse("has another name (a hard link)");
  const Id id(status.st_dev, status.st_ino);
  if (const auto use = used_.use_of(id.first, id.second)) return refuse(*use);
  if (const auto other = clash(place, id))
    return refuse(fmt::format("is the same file as {}", quote(*other)));
  if (first && !tree.append && ::ftruncate(file->get(), 0) != 0) return refuse(system_words(errno));

  if (first) place.slot = files.insert(name);
  files_[id] = place;
  place.file().id = id;
  open_.push_front(place);
  const bool torn =
      first && tree.append && !ends_with_line(file->get(), tree.directory->at.get(), std::string(name));
  place.file().open =
      std::make_unique<Open>(LineFile(*std::move(file), drain_), tree.shown(name), open_.begin());
  if (torn) place.file().open->file.end_torn_line();
  return place.file().open.get();
}

std::expected<Descriptor, Failure> FileTrees::open_beneath(const Tree& tree, const std::string& name) {
  for (;;) {
    auto file = run::open_beneath(tree.directory->at.get(), name, limits_.way);
    if (file) return *std::move(file);
    const int error = file.error();
    if ((error == EMFILE || error == ENFILE) && !open_.empty()) {
      close_oldest();
      limits_.open = std::max<std::size_t>(1, open_.size());
      continue;
    }
    if (std::ranges::find(system_faults, error) != system_faults.end()) note(error, tree.shown(name));
    return std::unexpected(refusal(fmt::format("cannot open {}: {}", tree.shown(name), system_words(error))));
  }
}

// Two names of one file: on a file system that takes a and A for the same, say. A file that was removed
// leaves its inode to others.
std::optional<std::string> FileTrees::clash(const Place& place, const Id& id) {
  const auto known = files_.find(id);
  if (known == files_.end() || known->second == place) return std::nullopt;
  const Place other = known->second;
  std::string name(other.name());
  const auto is_there = [&] {
    struct stat status{};
    return ::fstatat(other.directory->at.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           Id(status.st_dev, status.st_ino) == id;
  };
  if (other.file().id == id && (other.file().open || is_there())) return name;
  files_.erase(known);
  return std::nullopt;
}

void FileTrees::close_oldest() {
  File& oldest = open_.back().file();
  open_.pop_back();
  const std::unique_ptr<Open> file = std::move(oldest.open);
  note(file->file.close(), file->shown);
  lost_ += file->file.lost();
}

void FileTrees::note(int error, const std::string& shown) {
  if (error != 0 && !fault_)
    fault_ = SystemError{fmt::format("cannot write {}: {}", shown, write_words(error))};
}

std::optional<SystemError> FileTrees::take_fault() {
  if (!fault_) return std::nullopt;
  std::uint64_t lost = lost_;
  for (const Place& place : open_) lost += place.file().open->file.lost();
  fault_->message += loss_words(lost);
  return std::exchange(fault_, std::nullopt);
}

void FileTrees::flush() {
  for (const Place& place : open_) note(place.file().open->file.flush(), place.file().open->shown);
}

void FileTrees::close() {
  while (!open_.empty()) close_oldest();
}

}  // namespace sz::run
