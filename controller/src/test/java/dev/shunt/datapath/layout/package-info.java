@NullMarked
package dev.shunt.datapath.layout;

import org.jspecify.annotations.NullMarked;
