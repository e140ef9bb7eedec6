package dev.shunt.ingest.file;

import dev.shunt.desired.Policy;
import java.util.List;

/**
 * The policies in force and the files they come from.
 *
 * @param policies of all files, last good ones of refused files included; names are unique
 * @param files by path
 */
public record PolicySet(List<Policy> policies, List<PolicyFile> files) {
  /** Copies the lists. */
  public PolicySet {
    policies = List.copyOf(policies);
    files = List.copyOf(files);
  }
}
