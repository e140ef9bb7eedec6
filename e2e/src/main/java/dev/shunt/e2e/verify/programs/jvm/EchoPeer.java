package dev.shunt.e2e.verify.programs.jvm;

import java.net.InetSocketAddress;

/** One way to use TCP. Called by the main thread. */
interface EchoPeer {
  /** Sends everything back until the process is killed. */
  void serve(InetSocketAddress address) throws Exception;

  /** Holds the conversation to its end. */
  void ask(InetSocketAddress address, Conversation conversation) throws Exception;
}
