package dev.shunt.e2e.verify.behaviour;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Builds the C peers and brings their cases. Main thread; keeps nothing. */
public final class PeerCases implements CaseProvider {
  @Override
  public List<BehaviourCase> cases(Path directory) {
    PeerProgram program = PeerProgram.build(directory);
    PeerRun runs = new PeerRun(program);
    List<BehaviourCase> cases = new ArrayList<>();
    program.comparedCases().forEach(peer -> cases.add(new PeerBehaviour(peer, runs)));
    return cases;
  }
}
