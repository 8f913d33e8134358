#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "core/keyed.h"
#include "core/side_file.h"
#include "run/beneath.h"
#include "run/line_file.h"
#include "run/used_files.h"

namespace sz::run {

/// The files of all `write` stages whose names come of records. Few are open at a time, over all trees: the
/// one that was written longest ago is closed first, and opened again for appending when its name comes back.
/// Trees of one directory share their files, so two stages may write the same one: lines stay whole and in
/// order. Memory: a name and some 150 bytes for each file of the run, 64 KiB for each open one.
class FileTrees {
 public:
  struct Limits {
    std::size_t open = 256;  ///< at most; fewer where the process may not have so many
    Beneath way = Beneath::kernel;
  };
  /// Both outlive the trees.
  FileTrees(UsedFiles& used, Drain& drain) : FileTrees(used, drain, Limits()) {}
  FileTrees(UsedFiles& used, Drain& drain, Limits limits);
  ~FileTrees();

  /// See SideFiles::open_tree().
  std::expected<SideTree*, SystemError> open(const std::string& directory, bool append,
                                             std::uint64_t most_files);
  void flush();
  /// Flushes and closes all files.
  void close();
  /// The first fault of writing, once, with what was lost up to the last flush(); from then on all that is
  /// written is lost.
  std::optional<SystemError> take_fault();
  bool broken() const { return fault_.has_value(); }

 private:
  using Id = std::pair<unsigned long long, unsigned long long>;  // device and inode
  struct Open;
  struct File {
    Id id;
    std::unique_ptr<Open> open;
  };
  struct Directory {
    Descriptor at;
    Keyed<File> files;
  };
  /// Where a file is: its directory and its slot there.
  struct Place {
    Directory* directory = nullptr;
    Keyed<File>::Slot slot = Keyed<File>::none;
    File& file() const { return directory->files[slot]; }
    std::string_view name() const { return directory->files.key(slot); }
    friend bool operator==(const Place&, const Place&) = default;
  };
  struct Open {
    LineFile file;
    std::string shown;  ///< as in messages
    std::list<Place>::iterator turn;
  };
  class Tree;

  std::expected<Open*, Failure> open_file(const Tree& tree, std::string_view name);
  std::expected<Descriptor, Failure> open_beneath(const Tree& tree, const std::string& name);
  std::optional<std::string> clash(const Place& place, const Id& id);
  void close_oldest();
  void note(int error, const std::string& shown);

  UsedFiles& used_;
  Drain& drain_;
  Limits limits_;
  std::map<Id, std::unique_ptr<Directory>> directories_;
  std::vector<std::unique_ptr<Tree>> trees_;
  std::list<Place> open_;  ///< the last to be written first
  boost::unordered_flat_map<Id, Place> files_;
  std::optional<SystemError> fault_;
  std::uint64_t lost_ = 0;  // lines, of files that were closed
};

}  // namespace sz::run
