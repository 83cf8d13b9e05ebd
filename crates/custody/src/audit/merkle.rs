//! The Merkle tree of RFC 6962, section 2.1, over leaf hashes.

use crate::{digest::sha256, error::CustodyError};

/// A node of the tree.
pub type Hash = [u8; 32];

/// The hash of a leaf: SHA-256 over a zero byte and the leaf.
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    let mut input = Vec::with_capacity(leaf.len() + 1);
    input.push(0);
    input.extend_from_slice(leaf);
    sha256(&input)
}

fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut input = [1; 65];
    input[1..33].copy_from_slice(left);
    input[33..].copy_from_slice(right);
    sha256(&input)
}

/// The root over `leaves`; the hash of nothing for an empty tree.
pub fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => sha256(&[]),
        [only] => *only,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node_hash(&root(left), &root(right))
        }
    }
}

/// The largest power of two smaller than `n`, for `n` of 2 and more.
fn split(n: usize) -> usize {
    n.next_power_of_two() / 2
}

/// The root of a growing tree, with a memory of some 64 hashes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    /// Perfect subtrees from left to right: their sizes and roots.
    subtrees: Vec<(u64, Hash)>,
}

impl Frontier {
    /// Adds a leaf hash.
    pub fn push(&mut self, leaf: Hash) {
        let mut node = (1, leaf);
        while let Some(&(size, hash)) = self.subtrees.last() {
            if size != node.0 {
                break;
            }
            self.subtrees.pop();
            node = (size * 2, node_hash(&hash, &node.1));
        }
        self.subtrees.push(node);
    }

    /// The number of leaves.
    pub fn size(&self) -> u64 {
        self.subtrees.iter().map(|(size, _)| size).sum()
    }

    /// The root.
    pub fn root(&self) -> Hash {
        let mut hashes = self.subtrees.iter().rev().map(|(_, hash)| *hash);
        let Some(last) = hashes.next() else { return root(&[]) };
        hashes.fold(last, |right, left| node_hash(&left, &right))
    }
}

/// The proof that leaf `index` is in the tree over `leaves`. `None` outside the tree.
pub fn inclusion_proof(leaves: &[Hash], index: usize) -> Option<Vec<Hash>> {
    if index >= leaves.len() {
        return None;
    }
    let mut proof = Vec::new();
    let (mut part, mut index) = (leaves, index);
    while part.len() > 1 {
        let (left, right) = part.split_at(split(part.len()));
        if index < left.len() {
            proof.push(root(right));
            part = left;
        } else {
            proof.push(root(left));
            index -= left.len();
            part = right;
        }
    }
    proof.reverse();
    Some(proof)
}

/// Checks that `leaf` is number `index` of the tree of `size` leaves with `root` (RFC 9162, 2.1.3.2).
///
/// # Errors
/// [`CustodyError::Proof`] when it is not proved.
pub fn verify_inclusion(
    leaf: Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), CustodyError> {
    if index >= size {
        return Err(CustodyError::Proof);
    }
    let (mut node, mut last, mut hash) = (index, size - 1, leaf);
    for sibling in proof {
        if last == 0 {
            return Err(CustodyError::Proof);
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last == 0 && hash == *root { Ok(()) } else { Err(CustodyError::Proof) }
}

/// The proof that the first `old` leaves are what they were. `None` unless 0 < old <= leaves.
pub fn consistency_proof(leaves: &[Hash], old: usize) -> Option<Vec<Hash>> {
    (old > 0 && old <= leaves.len()).then(|| subproof(old, leaves, true))
}

fn subproof(old: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
    if old == leaves.len() {
        return if whole { Vec::new() } else { vec![root(leaves)] };
    }
    let (left, right) = leaves.split_at(split(leaves.len()));
    let (mut proof, sibling) = if old <= left.len() {
        (subproof(old, left, whole), root(right))
    } else {
        (subproof(old - left.len(), right, false), root(left))
    };
    proof.push(sibling);
    proof
}

/// Checks that the tree of `new` leaves continues the tree of `old` leaves (RFC 9162, 2.1.4.2).
///
/// # Errors
/// [`CustodyError::Proof`] when it is not proved.
pub fn verify_consistency(
    old: u64,
    new: u64,
    old_root: &Hash,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), CustodyError> {
    if old == 0 || old > new {
        return Err(CustodyError::Proof);
    }
    if old == new {
        return if proof.is_empty() && old_root == new_root { Ok(()) } else { Err(CustodyError::Proof) };
    }
    let mut proof = proof.iter();
    let (mut node, mut last) = (old - 1, new - 1);
    while node & 1 == 1 {
        node >>= 1;
        last >>= 1;
    }
    let start = if old.is_power_of_two() { old_root } else { proof.next().ok_or(CustodyError::Proof)? };
    let (mut old_hash, mut new_hash) = (*start, *start);
    for sibling in proof {
        if last == 0 {
            return Err(CustodyError::Proof);
        }
        if node & 1 == 1 || node == last {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    let holds = last == 0 && old_hash == *old_root && new_hash == *new_root;
    if holds { Ok(()) } else { Err(CustodyError::Proof) }
}
