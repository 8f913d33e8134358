#include "expr/prelude.h"

namespace sz::expr {

namespace {

// The compiler itself knows empty, path, select, map, first(f), last(f), env, label/break, range and the
// assignments.
constexpr Definition table[] = {
    {"recurse", 0, "def recurse: def r: ., (.[]? | r); r;"},
    {"recurse", 1, "def recurse(f): def r: ., (f | r); r;"},
    {"recurse", 2, "def recurse(f; cond): def r: ., (f | select(cond) | r); r;"},
    {"first", 0, "def first: .[0];"},
    {"last", 0, "def last: .[-1];"},
    {"nth", 1, "def nth($n): .[$n];"},
    {"values", 0, "def values: select(. != null);"},
    {"nulls", 0, "def nulls: select(. == null);"},
    {"booleans", 0, "def booleans: select(type == \"boolean\");"},
    {"numbers", 0, "def numbers: select(type == \"number\");"},
    {"strings", 0, "def strings: select(type == \"string\");"},
    {"arrays", 0, "def arrays: select(type == \"array\");"},
    {"objects", 0, "def objects: select(type == \"object\");"},
    {"iterables", 0, "def iterables: select(type | . == \"array\" or . == \"object\");"},
    {"scalars", 0, "def scalars: select(type | . != \"array\" and . != \"object\");"},
    {"map_values", 1, "def map_values(f): .[] |= f;"},
    {"with_entries", 1, "def with_entries(f): to_entries | map(f) | from_entries;"},
    {"del", 1, "def del(f): delpaths([path(f)]);"},
    {"paths", 0, "def paths: path(..) | select(length > 0);"},
    {"paths", 1, "def paths(f): path(.. | select(f)) | select(length > 0);"},
    {"pick", 1, "def pick(f): . as $in | reduce path(f) as $p (null; setpath($p; $in | getpath($p)));"},
    {"in", 1, "def in(xs): . as $x | xs | has($x);"},
    {"isempty", 1, "def isempty(g): label $out | (g | false, break $out), true;"},
    {"any", 0, "def any: any(.[]; .);"},
    {"any", 1, "def any(f): any(.[]; f);"},
    {"any", 2,
     "def any(g; cond): label $out | (first(g | if cond then true else empty end) | ., break $out), false;"},
    {"all", 0, "def all: all(.[]; .);"},
    {"all", 1, "def all(f): all(.[]; f);"},
    {"all", 2,
     "def all(g; cond): label $out | (first(g | if cond then empty else false end) | ., break $out), true;"},
    {"add", 1, "def add(f): reduce f as $x (null; . + $x);"},
    {"while", 2,
     "def while(cond; update): def _while: if cond then ., (update | _while) else empty end; _while;"},
    {"until", 2, "def until(cond; next): def _until: if cond then . else (next | _until) end; _until;"},
    {"repeat", 1, "def repeat(f): def _repeat: f, _repeat; _repeat;"},
    {"limit", 2,
     "def limit($n; f): if $n > 0 then label $out | foreach f as $item ($n; . - 1; $item, if . <= 0 then "
     "break "
     "$out else empty end)"
     " elif $n == 0 then empty else error(\"limit doesn't support negative count\") end;"},
    {"skip", 2,
     "def skip($n; f): if $n > 0 then foreach f as $item ($n; . - 1; if . < 0 then $item else empty end)"
     " elif $n == 0 then f else error(\"skip doesn't support negative count\") end;"},
    {"nth", 2,
     "def nth($n; f): if $n < 0 then error(\"nth doesn't support negative indices\") else first(skip($n; f)) "
     "end;"},
    {"sort_by", 1, "def sort_by(f): _sort_by(map([f]));"},
    {"group_by", 1, "def group_by(f): _group_by(map([f]));"},
    {"unique_by", 1, "def unique_by(f): _unique_by(map([f]));"},
    {"min_by", 1, "def min_by(f): _min_by(map([f]));"},
    {"max_by", 1, "def max_by(f): _max_by(map([f]));"},
    {"finites", 0, "def finites: select(isfinite);"},
    {"normals", 0, "def normals: select(isnormal);"},
    {"dateadd", 2, "def dateadd(u; n): . + n;"},
    {"datesub", 2, "def datesub(u; n): . - n;"},
    {"match", 1, "def match($v): _match($v)[];"},
    {"match", 2, "def match(re; flags): _match(re; flags)[];"},
    {"capture", 1, "def capture($v): _capture($v)[];"},
    {"capture", 2, "def capture(re; flags): _capture(re; flags)[];"},
    {"scan", 1, "def scan($re): _scan($re; null)[];"},
    {"scan", 2, "def scan($re; $flags): _scan($re; $flags)[];"},
    {"split", 2, "def split($re; flags): _split($re; flags);"},
    {"splits", 1, "def splits($re): _split($re; null)[];"},
    {"splits", 2, "def splits($re; flags): _split($re; flags)[];"},
    {"sub", 2, "def sub($re; f): sub($re; f; \"\");"},
    {"sub", 3,
     "def sub($re; f; $flags): . as $text | _edits($re; $flags; 0) as $edits"
     " | if $edits[0] then reduce ($edits, _edit_lists($re; $flags; $edits[0])) as $edits"
     " (0; _fill_in($text; $edits; [$edits[1][] | [.[2] | f]]))"
     " else _fill_in($text; $edits; [$edits[1][] | [.[2] | f]]) end | .[];"},
    {"_edit_lists", 3,
     "def _edit_lists($re; $flags; $from): _edits($re; $flags; $from) as $edits | $edits,"
     " if $edits[0] then _edit_lists($re; $flags; $edits[0]) else empty end;"},
    {"gsub", 2, "def gsub($re; f): sub($re; f; \"g\");"},
    {"gsub", 3, "def gsub($re; f; $flags): sub($re; f; $flags + \"g\");"},
    {"walk", 1,
     "def walk(f): def w: if type == \"object\" then map_values(w) elif type == \"array\" then map(w) else . "
     "end | f; w;"},
    {"transpose", 0,
     "def transpose: if . == [] then [] else . as $in | (map(length) | max) as $max | [range($max) as $j |"
     " [range($in | length) as $i | $in[$i][$j]]] end;"},
    {"combinations", 0,
     "def combinations: if length == 0 then [] else .[0][] as $x | (.[1:] | combinations) as $w | [$x] + $w "
     "end;"},
    {"combinations", 1, "def combinations(n): . as $dot | [range(n)] | map($dot) | combinations;"},
    {"leaf_paths", 0, "def leaf_paths: paths(scalars);"},
    {"tostream", 0,
     "def tostream: path(def r: (.[]? | r), .; r) as $p | getpath($p) | reduce path(.[]?) as $q ([$p, .]; "
     "[$p + "
     "$q]);"},
    {"fromstream", 1,
     "def fromstream(f): {x: null, e: false} as $init | foreach f as $i ($init; if .e then $init else . end |"
     " if $i | length == 2 then setpath([\"e\"]; $i[0] | length == 0) | setpath([\"x\"] + $i[0]; $i[1])"
     " else setpath([\"e\"]; $i[0] | length == 1) end; if .e then .x else empty end);"},
    {"truncate_stream", 1,
     "def truncate_stream(f): . as $n | null | f | . as $input |"
     " if (.[0] | length) > $n then setpath([0]; .[0][$n:]) else empty end;"},
    {"debug", 1, "def debug(m): (m | debug | empty), .;"},
};

}  // namespace

std::span<const Definition> definitions() { return table; }

const Definition* find_definition(std::string_view name, std::size_t arity) {
  for (const Definition& d : table)
    if (d.name == name && d.arity == arity) return &d;
  return nullptr;
}

}  // namespace sz::expr
