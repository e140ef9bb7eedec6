package dev.shunt.datapath.libbpf;

/** What a map update does with an entry that is there: {@code BPF_ANY} and its kin. */
public enum UpdateMode {
  /** Makes or replaces the entry. */
  ANY(0),
  /** Makes the entry; one that is there gives EEXIST. */
  NO_EXIST(1),
  /** Replaces the entry; a missing one gives ENOENT. */
  EXIST(2);

  private final long flag;

  UpdateMode(long flag) {
    this.flag = flag;
  }

  long flag() {
    return flag;
  }
}
