//! Who may use which address. The table is reviewed: a change of rights shows as a change of the snapshot.

mod world;

use http::{Method, StatusCode};
use sumgil_registry::{Permission, Role, web::ROUTES};
use world::World;

/// The address with parameters that name nothing.
fn filled(path: &str) -> String {
    path.replace("{digest}", &"0".repeat(64))
        .replace("{study}", "1.2.3")
        .replace("{series}", "1.2.3.4")
        .replace("{instance}", "1.2.3.4.5")
        .replace("{frames}", "1")
        .replace("{*path}", "7FE00010")
}

#[tokio::test]
async fn the_matrix_of_roles_and_routes_is_as_reviewed() {
    let world = World::new().await;
    let site = world.hospital("hosp-01").await;
    let mut columns = vec![("nobody", None), ("site", Some(site.token.clone()))];
    for role in Role::ALL {
        let at = (role == Role::Hospital).then_some("hosp-01");
        columns.push((role.as_str(), Some(world.person(role, at).await)));
    }
    let mut table = format!("{:<7}{:<92}", "", "");
    columns.iter().for_each(|(name, _)| table.push_str(&format!("{name:<16}")));
    for route in ROUTES {
        table.push_str(&format!("\n{:<7}{:<92}", route.method.as_str(), route.path));
        for (_, token) in &columns {
            let (path, method) = (filled(route.path), route.method.clone());
            let answer = world.request(method, &path, token.as_deref(), &[], "").await;
            let word = match answer.status {
                StatusCode::UNAUTHORIZED if route.permission == Permission::Public => "yes",
                StatusCode::UNAUTHORIZED => "401",
                StatusCode::FORBIDDEN => "403",
                status if status.is_server_error() => "FAILED",
                _ => "yes",
            };
            table.push_str(&format!("{word:<16}"));
        }
    }
    let table: Vec<&str> = table.lines().map(str::trim_end).collect();
    insta::assert_snapshot!("access_matrix", table.join("\n"));
}

#[tokio::test]
async fn what_is_not_in_the_list_is_closed_to_all() {
    let world = World::new().await;
    let reader = world.person(Role::Reader, None).await;
    for (method, path) in [
        (Method::POST, "/dicom-web/studies"),
        (Method::DELETE, "/dicom-web/studies/1.2.3"),
        (Method::GET, "/v1/offers"),
        (Method::GET, "/nothing"),
        (Method::PUT, "/v1/uploads/0000"),
    ] {
        let open = world.request(method.clone(), path, None, &[], "").await;
        assert_eq!(open.status, StatusCode::UNAUTHORIZED, "{method} {path}");
        assert_eq!(open.header("www-authenticate"), "Bearer");
        let known = world.request(method.clone(), path, Some(&reader), &[], "").await;
        assert!(
            matches!(known.status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED),
            "{method} {path}: {}",
            known.status
        );
        assert_eq!(known.header("content-type"), "application/problem+json");
    }
    let health = world.request(Method::GET, "/healthz", None, &[], "").await;
    assert_eq!((health.status, health.body.as_slice()), (StatusCode::OK, b"ok\n".as_slice()));
}

#[tokio::test]
async fn a_hospitals_person_without_a_hospital_sees_nothing() {
    let world = World::new().await;
    let lost = world.person(Role::Hospital, None).await;
    assert_eq!(world.get("/dicom-web/studies", &lost).await.status, StatusCode::FORBIDDEN);
}
