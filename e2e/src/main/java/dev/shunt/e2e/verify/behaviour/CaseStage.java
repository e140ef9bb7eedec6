package dev.shunt.e2e.verify.behaviour;

import dev.shunt.e2e.scene.CgroupTree;
import java.nio.file.Path;

/**
 * Where one run of a case happens. Immutable; valid until the run ends.
 *
 * @param bed two network namespaces joined by veth, with REDIRECT rules
 * @param cgroup of this run alone: what is learned about its workloads does not reach the next run.
 *     Processes that are left in it are killed afterwards
 * @param directory of this run alone, for configuration and logs
 */
public record CaseStage(PeerBed bed, CgroupTree cgroup, Path directory) {}
