/* eslint-disable */
// Made from schema/config.schema.json by test/config-schema.test.ts: UPDATE=1 npx vitest run test/config-schema.test.ts
export const validate = validate21;
export default validate21;
const schema6 = {"$schema":"http://json-schema.org/draft-07/schema#","type":"object","additionalProperties":false,"properties":{"$schema":{"type":"string"},"preset":{"enum":["recommended","hotfix","all"]},"rules":{"type":"object","additionalProperties":false,"properties":{"branch-divergence":{"allOf":[{"$ref":"#/definitions/severity"}]},"concurrently-in-transaction":{"allOf":[{"$ref":"#/definitions/severity"}]},"constraint-never-validated":{"allOf":[{"$ref":"#/definitions/severity"}]},"constraint-scan-blocks-reads":{"allOf":[{"$ref":"#/definitions/severity"}]},"contradicts-history":{"allOf":[{"$ref":"#/definitions/severity"}]},"delete-without-where":{"allOf":[{"$ref":"#/definitions/severity"}]},"down-migration-does-not-restore":{"allOf":[{"$ref":"#/definitions/severity"}]},"down-migration-loses-data":{"allOf":[{"$ref":"#/definitions/severity"}]},"drop-cascade":{"allOf":[{"$ref":"#/definitions/severity"}]},"drop-column":{"allOf":[{"$ref":"#/definitions/severity"}]},"drop-constraint":{"allOf":[{"$ref":"#/definitions/severity"}]},"drop-database":{"allOf":[{"$ref":"#/definitions/severity"}]},"drop-hand-written-object":{"allOf":[{"$ref":"#/definitions/severity"}]},"drop-primary-key":{"allOf":[{"$ref":"#/definitions/severity"}]},"drop-schema":{"allOf":[{"$ref":"#/definitions/severity"}]},"drop-table":{"allOf":[{"$ref":"#/definitions/severity"}]},"duplicate-migration":{"allOf":[{"$ref":"#/definitions/severity"}]},"edited-applied-migration":{"allOf":[{"$ref":"#/definitions/severity"}]},"enum-value-removed":{"allOf":[{"$ref":"#/definitions/severity"}]},"fails-in-rehearsal":{"allOf":[{"$ref":"#/definitions/severity"}]},"foreign-key-scan-blocks-writes":{"anyOf":[{"$ref":"#/definitions/severity"},{"type":"array","items":[{"$ref":"#/definitions/severity"},{"type":"object","additionalProperties":false,"properties":{"recreated":{"type":"boolean"}}}],"minItems":2,"maxItems":2,"additionalItems":false}]},"index-build-blocks-writes":{"allOf":[{"$ref":"#/definitions/severity"}]},"index-drop-blocks-reads":{"allOf":[{"$ref":"#/definitions/severity"}]},"late-migration":{"allOf":[{"$ref":"#/definitions/severity"}]},"locks-partner-table":{"allOf":[{"$ref":"#/definitions/severity"}]},"maintenance-blocks-reads":{"allOf":[{"$ref":"#/definitions/severity"}]},"missing-down-migration":{"anyOf":[{"$ref":"#/definitions/severity"},{"type":"array","items":[{"$ref":"#/definitions/severity"},{"type":"object","additionalProperties":false,"properties":{"trivial":{"type":"boolean"}}}],"minItems":2,"maxItems":2,"additionalItems":false}]},"missing-forward-port":{"allOf":[{"$ref":"#/definitions/severity"}]},"missing-lock-timeout":{"anyOf":[{"$ref":"#/definitions/severity"},{"type":"array","items":[{"$ref":"#/definitions/severity"},{"type":"object","additionalProperties":false,"properties":{"setByRunner":{"type":"boolean"},"maxSeconds":{"type":"number","exclusiveMinimum":0},"brief":{"type":"boolean"},"timeout":{"type":"string","pattern":"^[0-9]+(us|ms|s|min)?$"}}}],"minItems":2,"maxItems":2,"additionalItems":false}]},"narrowing-type-change":{"allOf":[{"$ref":"#/definitions/severity"}]},"not-null-over-existing-rows":{"allOf":[{"$ref":"#/definitions/severity"}]},"opaque-statement":{"allOf":[{"$ref":"#/definitions/severity"}]},"orphan-cleanup-before-foreign-key":{"allOf":[{"$ref":"#/definitions/severity"}]},"orphan-cleanup-ineffective":{"allOf":[{"$ref":"#/definitions/severity"}]},"orphan-cleanup-too-broad":{"allOf":[{"$ref":"#/definitions/severity"}]},"partition-attach-detach":{"allOf":[{"$ref":"#/definitions/severity"}]},"refused-by-postgres":{"allOf":[{"$ref":"#/definitions/severity"}]},"reindex-blocks":{"allOf":[{"$ref":"#/definitions/severity"}]},"rename-as-drop-and-add":{"allOf":[{"$ref":"#/definitions/severity"}]},"required-column-without-default":{"allOf":[{"$ref":"#/definitions/severity"}]},"syntax-error":{"allOf":[{"$ref":"#/definitions/severity"}]},"table-rewrite":{"allOf":[{"$ref":"#/definitions/severity"}]},"truncate":{"allOf":[{"$ref":"#/definitions/severity"}]},"unique-over-existing-rows":{"allOf":[{"$ref":"#/definitions/severity"}]},"unused-suppression":{"allOf":[{"$ref":"#/definitions/severity"}]},"update-without-where":{"allOf":[{"$ref":"#/definitions/severity"}]},"work-after-exclusive-lock":{"allOf":[{"$ref":"#/definitions/severity"}]}}},"ignores":{"type":"array","items":{"type":"object","required":["reason"],"additionalProperties":false,"properties":{"path":{"type":"string"},"rules":{"type":"array","minItems":1,"items":{"enum":["branch-divergence","concurrently-in-transaction","constraint-never-validated","constraint-scan-blocks-reads","contradicts-history","delete-without-where","down-migration-does-not-restore","down-migration-loses-data","drop-cascade","drop-column","drop-constraint","drop-database","drop-hand-written-object","drop-primary-key","drop-schema","drop-table","duplicate-migration","edited-applied-migration","enum-value-removed","fails-in-rehearsal","foreign-key-scan-blocks-writes","index-build-blocks-writes","index-drop-blocks-reads","late-migration","locks-partner-table","maintenance-blocks-reads","missing-down-migration","missing-forward-port","missing-lock-timeout","narrowing-type-change","not-null-over-existing-rows","opaque-statement","orphan-cleanup-before-foreign-key","orphan-cleanup-ineffective","orphan-cleanup-too-broad","partition-attach-detach","refused-by-postgres","reindex-blocks","rename-as-drop-and-add","required-column-without-default","syntax-error","table-rewrite","truncate","unique-over-existing-rows","unused-suppression","update-without-where","work-after-exclusive-lock"]}},"reason":{"type":"string","pattern":"\\S"}}}},"migrations":{"type":"array","items":{"type":"string"}},"postgres":{"enum":[14,15,16,17,18]},"execution":{"enum":["batch","split"]},"parser":{"enum":["postgres","portable"]},"base":{"type":"string","pattern":"\\S"},"branches":{"type":"object","additionalProperties":false,"properties":{"production":{"type":"string","pattern":"\\S"},"main":{"type":"string","pattern":"\\S"},"development":{"type":"array","items":{"type":"string","pattern":"\\S"}},"hotfix":{"type":"array","items":{"type":"string","pattern":"\\S"}}}},"failOn":{"enum":["error","warning","info","never"]},"baseline":{"type":"string","pattern":"\\S"}},"definitions":{"severity":{"enum":["off","error","warning","info"]}}};
const func2 = Object.prototype.hasOwnProperty;
const schema7 = {"enum":["off","error","warning","info"]};

function validate22(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(!((((data === "off") || (data === "error")) || (data === "warning")) || (data === "info"))){
const err0 = {instancePath,schemaPath:"#/enum",keyword:"enum",params:{allowedValues: schema7.enum}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
validate22.errors = vErrors;
return errors === 0;
}

const pattern0 = new RegExp("^[0-9]+(us|ms|s|min)?$", "u");
const pattern1 = new RegExp("\\S", "u");

function validate21(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func2.call(schema6.properties, key0))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.$schema !== undefined){
if(typeof data.$schema !== "string"){
const err1 = {instancePath:instancePath+"/$schema",schemaPath:"#/properties/%24schema/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.preset !== undefined){
let data1 = data.preset;
if(!(((data1 === "recommended") || (data1 === "hotfix")) || (data1 === "all"))){
const err2 = {instancePath:instancePath+"/preset",schemaPath:"#/properties/preset/enum",keyword:"enum",params:{allowedValues: schema6.properties.preset.enum}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.rules !== undefined){
let data2 = data.rules;
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
for(const key1 in data2){
if(!(func2.call(schema6.properties.rules.properties, key1))){
const err3 = {instancePath:instancePath+"/rules",schemaPath:"#/properties/rules/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data2["branch-divergence"] !== undefined){
if(!(validate22(data2["branch-divergence"], {instancePath:instancePath+"/rules/branch-divergence",parentData:data2,parentDataProperty:"branch-divergence",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["concurrently-in-transaction"] !== undefined){
if(!(validate22(data2["concurrently-in-transaction"], {instancePath:instancePath+"/rules/concurrently-in-transaction",parentData:data2,parentDataProperty:"concurrently-in-transaction",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["constraint-never-validated"] !== undefined){
if(!(validate22(data2["constraint-never-validated"], {instancePath:instancePath+"/rules/constraint-never-validated",parentData:data2,parentDataProperty:"constraint-never-validated",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["constraint-scan-blocks-reads"] !== undefined){
if(!(validate22(data2["constraint-scan-blocks-reads"], {instancePath:instancePath+"/rules/constraint-scan-blocks-reads",parentData:data2,parentDataProperty:"constraint-scan-blocks-reads",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["contradicts-history"] !== undefined){
if(!(validate22(data2["contradicts-history"], {instancePath:instancePath+"/rules/contradicts-history",parentData:data2,parentDataProperty:"contradicts-history",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["delete-without-where"] !== undefined){
if(!(validate22(data2["delete-without-where"], {instancePath:instancePath+"/rules/delete-without-where",parentData:data2,parentDataProperty:"delete-without-where",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["down-migration-does-not-restore"] !== undefined){
if(!(validate22(data2["down-migration-does-not-restore"], {instancePath:instancePath+"/rules/down-migration-does-not-restore",parentData:data2,parentDataProperty:"down-migration-does-not-restore",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["down-migration-loses-data"] !== undefined){
if(!(validate22(data2["down-migration-loses-data"], {instancePath:instancePath+"/rules/down-migration-loses-data",parentData:data2,parentDataProperty:"down-migration-loses-data",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["drop-cascade"] !== undefined){
if(!(validate22(data2["drop-cascade"], {instancePath:instancePath+"/rules/drop-cascade",parentData:data2,parentDataProperty:"drop-cascade",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["drop-column"] !== undefined){
if(!(validate22(data2["drop-column"], {instancePath:instancePath+"/rules/drop-column",parentData:data2,parentDataProperty:"drop-column",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["drop-constraint"] !== undefined){
if(!(validate22(data2["drop-constraint"], {instancePath:instancePath+"/rules/drop-constraint",parentData:data2,parentDataProperty:"drop-constraint",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["drop-database"] !== undefined){
if(!(validate22(data2["drop-database"], {instancePath:instancePath+"/rules/drop-database",parentData:data2,parentDataProperty:"drop-database",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["drop-hand-written-object"] !== undefined){
if(!(validate22(data2["drop-hand-written-object"], {instancePath:instancePath+"/rules/drop-hand-written-object",parentData:data2,parentDataProperty:"drop-hand-written-object",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["drop-primary-key"] !== undefined){
if(!(validate22(data2["drop-primary-key"], {instancePath:instancePath+"/rules/drop-primary-key",parentData:data2,parentDataProperty:"drop-primary-key",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["drop-schema"] !== undefined){
if(!(validate22(data2["drop-schema"], {instancePath:instancePath+"/rules/drop-schema",parentData:data2,parentDataProperty:"drop-schema",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["drop-table"] !== undefined){
if(!(validate22(data2["drop-table"], {instancePath:instancePath+"/rules/drop-table",parentData:data2,parentDataProperty:"drop-table",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["duplicate-migration"] !== undefined){
if(!(validate22(data2["duplicate-migration"], {instancePath:instancePath+"/rules/duplicate-migration",parentData:data2,parentDataProperty:"duplicate-migration",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["edited-applied-migration"] !== undefined){
if(!(validate22(data2["edited-applied-migration"], {instancePath:instancePath+"/rules/edited-applied-migration",parentData:data2,parentDataProperty:"edited-applied-migration",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["enum-value-removed"] !== undefined){
if(!(validate22(data2["enum-value-removed"], {instancePath:instancePath+"/rules/enum-value-removed",parentData:data2,parentDataProperty:"enum-value-removed",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["fails-in-rehearsal"] !== undefined){
if(!(validate22(data2["fails-in-rehearsal"], {instancePath:instancePath+"/rules/fails-in-rehearsal",parentData:data2,parentDataProperty:"fails-in-rehearsal",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["foreign-key-scan-blocks-writes"] !== undefined){
let data23 = data2["foreign-key-scan-blocks-writes"];
const _errs49 = errors;
let valid22 = false;
const _errs50 = errors;
if(!(validate22(data23, {instancePath:instancePath+"/rules/foreign-key-scan-blocks-writes",parentData:data2,parentDataProperty:"foreign-key-scan-blocks-writes",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
var _valid0 = _errs50 === errors;
valid22 = valid22 || _valid0;
if(!valid22){
const _errs51 = errors;
if(Array.isArray(data23)){
if(data23.length > 2){
const err4 = {instancePath:instancePath+"/rules/foreign-key-scan-blocks-writes",schemaPath:"#/properties/rules/properties/foreign-key-scan-blocks-writes/anyOf/1/maxItems",keyword:"maxItems",params:{limit: 2}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(data23.length < 2){
const err5 = {instancePath:instancePath+"/rules/foreign-key-scan-blocks-writes",schemaPath:"#/properties/rules/properties/foreign-key-scan-blocks-writes/anyOf/1/minItems",keyword:"minItems",params:{limit: 2}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
const len0 = data23.length;
if(!(len0 <= 2)){
const err6 = {instancePath:instancePath+"/rules/foreign-key-scan-blocks-writes",schemaPath:"#/properties/rules/properties/foreign-key-scan-blocks-writes/anyOf/1/additionalItems",keyword:"additionalItems",params:{limit: 2}};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
const len1 = data23.length;
if(len1 > 0){
if(!(validate22(data23[0], {instancePath:instancePath+"/rules/foreign-key-scan-blocks-writes/0",parentData:data23,parentDataProperty:0,rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(len1 > 1){
let data25 = data23[1];
if(data25 && typeof data25 == "object" && !Array.isArray(data25)){
for(const key2 in data25){
if(!(key2 === "recreated")){
const err7 = {instancePath:instancePath+"/rules/foreign-key-scan-blocks-writes/1",schemaPath:"#/properties/rules/properties/foreign-key-scan-blocks-writes/anyOf/1/items/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2}};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data25.recreated !== undefined){
if(typeof data25.recreated !== "boolean"){
const err8 = {instancePath:instancePath+"/rules/foreign-key-scan-blocks-writes/1/recreated",schemaPath:"#/properties/rules/properties/foreign-key-scan-blocks-writes/anyOf/1/items/1/properties/recreated/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
}
else {
const err9 = {instancePath:instancePath+"/rules/foreign-key-scan-blocks-writes/1",schemaPath:"#/properties/rules/properties/foreign-key-scan-blocks-writes/anyOf/1/items/1/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
}
else {
const err10 = {instancePath:instancePath+"/rules/foreign-key-scan-blocks-writes",schemaPath:"#/properties/rules/properties/foreign-key-scan-blocks-writes/anyOf/1/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
var _valid0 = _errs51 === errors;
valid22 = valid22 || _valid0;
}
if(!valid22){
const err11 = {instancePath:instancePath+"/rules/foreign-key-scan-blocks-writes",schemaPath:"#/properties/rules/properties/foreign-key-scan-blocks-writes/anyOf",keyword:"anyOf",params:{}};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
else {
errors = _errs49;
if(vErrors !== null){
if(_errs49){
vErrors.length = _errs49;
}
else {
vErrors = null;
}
}
}
}
if(data2["index-build-blocks-writes"] !== undefined){
if(!(validate22(data2["index-build-blocks-writes"], {instancePath:instancePath+"/rules/index-build-blocks-writes",parentData:data2,parentDataProperty:"index-build-blocks-writes",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["index-drop-blocks-reads"] !== undefined){
if(!(validate22(data2["index-drop-blocks-reads"], {instancePath:instancePath+"/rules/index-drop-blocks-reads",parentData:data2,parentDataProperty:"index-drop-blocks-reads",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["late-migration"] !== undefined){
if(!(validate22(data2["late-migration"], {instancePath:instancePath+"/rules/late-migration",parentData:data2,parentDataProperty:"late-migration",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["locks-partner-table"] !== undefined){
if(!(validate22(data2["locks-partner-table"], {instancePath:instancePath+"/rules/locks-partner-table",parentData:data2,parentDataProperty:"locks-partner-table",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["maintenance-blocks-reads"] !== undefined){
if(!(validate22(data2["maintenance-blocks-reads"], {instancePath:instancePath+"/rules/maintenance-blocks-reads",parentData:data2,parentDataProperty:"maintenance-blocks-reads",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["missing-down-migration"] !== undefined){
let data32 = data2["missing-down-migration"];
const _errs70 = errors;
let valid30 = false;
const _errs71 = errors;
if(!(validate22(data32, {instancePath:instancePath+"/rules/missing-down-migration",parentData:data2,parentDataProperty:"missing-down-migration",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
var _valid1 = _errs71 === errors;
valid30 = valid30 || _valid1;
if(!valid30){
const _errs72 = errors;
if(Array.isArray(data32)){
if(data32.length > 2){
const err12 = {instancePath:instancePath+"/rules/missing-down-migration",schemaPath:"#/properties/rules/properties/missing-down-migration/anyOf/1/maxItems",keyword:"maxItems",params:{limit: 2}};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(data32.length < 2){
const err13 = {instancePath:instancePath+"/rules/missing-down-migration",schemaPath:"#/properties/rules/properties/missing-down-migration/anyOf/1/minItems",keyword:"minItems",params:{limit: 2}};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
const len2 = data32.length;
if(!(len2 <= 2)){
const err14 = {instancePath:instancePath+"/rules/missing-down-migration",schemaPath:"#/properties/rules/properties/missing-down-migration/anyOf/1/additionalItems",keyword:"additionalItems",params:{limit: 2}};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
const len3 = data32.length;
if(len3 > 0){
if(!(validate22(data32[0], {instancePath:instancePath+"/rules/missing-down-migration/0",parentData:data32,parentDataProperty:0,rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(len3 > 1){
let data34 = data32[1];
if(data34 && typeof data34 == "object" && !Array.isArray(data34)){
for(const key3 in data34){
if(!(key3 === "trivial")){
const err15 = {instancePath:instancePath+"/rules/missing-down-migration/1",schemaPath:"#/properties/rules/properties/missing-down-migration/anyOf/1/items/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3}};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data34.trivial !== undefined){
if(typeof data34.trivial !== "boolean"){
const err16 = {instancePath:instancePath+"/rules/missing-down-migration/1/trivial",schemaPath:"#/properties/rules/properties/missing-down-migration/anyOf/1/items/1/properties/trivial/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
}
else {
const err17 = {instancePath:instancePath+"/rules/missing-down-migration/1",schemaPath:"#/properties/rules/properties/missing-down-migration/anyOf/1/items/1/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
}
else {
const err18 = {instancePath:instancePath+"/rules/missing-down-migration",schemaPath:"#/properties/rules/properties/missing-down-migration/anyOf/1/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
var _valid1 = _errs72 === errors;
valid30 = valid30 || _valid1;
}
if(!valid30){
const err19 = {instancePath:instancePath+"/rules/missing-down-migration",schemaPath:"#/properties/rules/properties/missing-down-migration/anyOf",keyword:"anyOf",params:{}};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
else {
errors = _errs70;
if(vErrors !== null){
if(_errs70){
vErrors.length = _errs70;
}
else {
vErrors = null;
}
}
}
}
if(data2["missing-forward-port"] !== undefined){
if(!(validate22(data2["missing-forward-port"], {instancePath:instancePath+"/rules/missing-forward-port",parentData:data2,parentDataProperty:"missing-forward-port",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["missing-lock-timeout"] !== undefined){
let data37 = data2["missing-lock-timeout"];
const _errs83 = errors;
let valid34 = false;
const _errs84 = errors;
if(!(validate22(data37, {instancePath:instancePath+"/rules/missing-lock-timeout",parentData:data2,parentDataProperty:"missing-lock-timeout",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
var _valid2 = _errs84 === errors;
valid34 = valid34 || _valid2;
if(!valid34){
const _errs85 = errors;
if(Array.isArray(data37)){
if(data37.length > 2){
const err20 = {instancePath:instancePath+"/rules/missing-lock-timeout",schemaPath:"#/properties/rules/properties/missing-lock-timeout/anyOf/1/maxItems",keyword:"maxItems",params:{limit: 2}};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
if(data37.length < 2){
const err21 = {instancePath:instancePath+"/rules/missing-lock-timeout",schemaPath:"#/properties/rules/properties/missing-lock-timeout/anyOf/1/minItems",keyword:"minItems",params:{limit: 2}};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
const len4 = data37.length;
if(!(len4 <= 2)){
const err22 = {instancePath:instancePath+"/rules/missing-lock-timeout",schemaPath:"#/properties/rules/properties/missing-lock-timeout/anyOf/1/additionalItems",keyword:"additionalItems",params:{limit: 2}};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
const len5 = data37.length;
if(len5 > 0){
if(!(validate22(data37[0], {instancePath:instancePath+"/rules/missing-lock-timeout/0",parentData:data37,parentDataProperty:0,rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(len5 > 1){
let data39 = data37[1];
if(data39 && typeof data39 == "object" && !Array.isArray(data39)){
for(const key4 in data39){
if(!((((key4 === "setByRunner") || (key4 === "maxSeconds")) || (key4 === "brief")) || (key4 === "timeout"))){
const err23 = {instancePath:instancePath+"/rules/missing-lock-timeout/1",schemaPath:"#/properties/rules/properties/missing-lock-timeout/anyOf/1/items/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4}};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
if(data39.setByRunner !== undefined){
if(typeof data39.setByRunner !== "boolean"){
const err24 = {instancePath:instancePath+"/rules/missing-lock-timeout/1/setByRunner",schemaPath:"#/properties/rules/properties/missing-lock-timeout/anyOf/1/items/1/properties/setByRunner/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
if(data39.maxSeconds !== undefined){
let data41 = data39.maxSeconds;
if((typeof data41 == "number") && (isFinite(data41))){
if(data41 <= 0 || isNaN(data41)){
const err25 = {instancePath:instancePath+"/rules/missing-lock-timeout/1/maxSeconds",schemaPath:"#/properties/rules/properties/missing-lock-timeout/anyOf/1/items/1/properties/maxSeconds/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0}};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
else {
const err26 = {instancePath:instancePath+"/rules/missing-lock-timeout/1/maxSeconds",schemaPath:"#/properties/rules/properties/missing-lock-timeout/anyOf/1/items/1/properties/maxSeconds/type",keyword:"type",params:{type: "number"}};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data39.brief !== undefined){
if(typeof data39.brief !== "boolean"){
const err27 = {instancePath:instancePath+"/rules/missing-lock-timeout/1/brief",schemaPath:"#/properties/rules/properties/missing-lock-timeout/anyOf/1/items/1/properties/brief/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
if(data39.timeout !== undefined){
let data43 = data39.timeout;
if(typeof data43 === "string"){
if(!pattern0.test(data43)){
const err28 = {instancePath:instancePath+"/rules/missing-lock-timeout/1/timeout",schemaPath:"#/properties/rules/properties/missing-lock-timeout/anyOf/1/items/1/properties/timeout/pattern",keyword:"pattern",params:{pattern: "^[0-9]+(us|ms|s|min)?$"}};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
else {
const err29 = {instancePath:instancePath+"/rules/missing-lock-timeout/1/timeout",schemaPath:"#/properties/rules/properties/missing-lock-timeout/anyOf/1/items/1/properties/timeout/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
}
else {
const err30 = {instancePath:instancePath+"/rules/missing-lock-timeout/1",schemaPath:"#/properties/rules/properties/missing-lock-timeout/anyOf/1/items/1/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
}
else {
const err31 = {instancePath:instancePath+"/rules/missing-lock-timeout",schemaPath:"#/properties/rules/properties/missing-lock-timeout/anyOf/1/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
var _valid2 = _errs85 === errors;
valid34 = valid34 || _valid2;
}
if(!valid34){
const err32 = {instancePath:instancePath+"/rules/missing-lock-timeout",schemaPath:"#/properties/rules/properties/missing-lock-timeout/anyOf",keyword:"anyOf",params:{}};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
else {
errors = _errs83;
if(vErrors !== null){
if(_errs83){
vErrors.length = _errs83;
}
else {
vErrors = null;
}
}
}
}
if(data2["narrowing-type-change"] !== undefined){
if(!(validate22(data2["narrowing-type-change"], {instancePath:instancePath+"/rules/narrowing-type-change",parentData:data2,parentDataProperty:"narrowing-type-change",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["not-null-over-existing-rows"] !== undefined){
if(!(validate22(data2["not-null-over-existing-rows"], {instancePath:instancePath+"/rules/not-null-over-existing-rows",parentData:data2,parentDataProperty:"not-null-over-existing-rows",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["opaque-statement"] !== undefined){
if(!(validate22(data2["opaque-statement"], {instancePath:instancePath+"/rules/opaque-statement",parentData:data2,parentDataProperty:"opaque-statement",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["orphan-cleanup-before-foreign-key"] !== undefined){
if(!(validate22(data2["orphan-cleanup-before-foreign-key"], {instancePath:instancePath+"/rules/orphan-cleanup-before-foreign-key",parentData:data2,parentDataProperty:"orphan-cleanup-before-foreign-key",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["orphan-cleanup-ineffective"] !== undefined){
if(!(validate22(data2["orphan-cleanup-ineffective"], {instancePath:instancePath+"/rules/orphan-cleanup-ineffective",parentData:data2,parentDataProperty:"orphan-cleanup-ineffective",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["orphan-cleanup-too-broad"] !== undefined){
if(!(validate22(data2["orphan-cleanup-too-broad"], {instancePath:instancePath+"/rules/orphan-cleanup-too-broad",parentData:data2,parentDataProperty:"orphan-cleanup-too-broad",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["partition-attach-detach"] !== undefined){
if(!(validate22(data2["partition-attach-detach"], {instancePath:instancePath+"/rules/partition-attach-detach",parentData:data2,parentDataProperty:"partition-attach-detach",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["refused-by-postgres"] !== undefined){
if(!(validate22(data2["refused-by-postgres"], {instancePath:instancePath+"/rules/refused-by-postgres",parentData:data2,parentDataProperty:"refused-by-postgres",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["reindex-blocks"] !== undefined){
if(!(validate22(data2["reindex-blocks"], {instancePath:instancePath+"/rules/reindex-blocks",parentData:data2,parentDataProperty:"reindex-blocks",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["rename-as-drop-and-add"] !== undefined){
if(!(validate22(data2["rename-as-drop-and-add"], {instancePath:instancePath+"/rules/rename-as-drop-and-add",parentData:data2,parentDataProperty:"rename-as-drop-and-add",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["required-column-without-default"] !== undefined){
if(!(validate22(data2["required-column-without-default"], {instancePath:instancePath+"/rules/required-column-without-default",parentData:data2,parentDataProperty:"required-column-without-default",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["syntax-error"] !== undefined){
if(!(validate22(data2["syntax-error"], {instancePath:instancePath+"/rules/syntax-error",parentData:data2,parentDataProperty:"syntax-error",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["table-rewrite"] !== undefined){
if(!(validate22(data2["table-rewrite"], {instancePath:instancePath+"/rules/table-rewrite",parentData:data2,parentDataProperty:"table-rewrite",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2.truncate !== undefined){
if(!(validate22(data2.truncate, {instancePath:instancePath+"/rules/truncate",parentData:data2,parentDataProperty:"truncate",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["unique-over-existing-rows"] !== undefined){
if(!(validate22(data2["unique-over-existing-rows"], {instancePath:instancePath+"/rules/unique-over-existing-rows",parentData:data2,parentDataProperty:"unique-over-existing-rows",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["unused-suppression"] !== undefined){
if(!(validate22(data2["unused-suppression"], {instancePath:instancePath+"/rules/unused-suppression",parentData:data2,parentDataProperty:"unused-suppression",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["update-without-where"] !== undefined){
if(!(validate22(data2["update-without-where"], {instancePath:instancePath+"/rules/update-without-where",parentData:data2,parentDataProperty:"update-without-where",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["work-after-exclusive-lock"] !== undefined){
if(!(validate22(data2["work-after-exclusive-lock"], {instancePath:instancePath+"/rules/work-after-exclusive-lock",parentData:data2,parentDataProperty:"work-after-exclusive-lock",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
}
else {
const err33 = {instancePath:instancePath+"/rules",schemaPath:"#/properties/rules/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
if(data.ignores !== undefined){
let data62 = data.ignores;
if(Array.isArray(data62)){
const len6 = data62.length;
for(let i0=0; i0<len6; i0++){
let data63 = data62[i0];
if(data63 && typeof data63 == "object" && !Array.isArray(data63)){
if(data63.reason === undefined){
const err34 = {instancePath:instancePath+"/ignores/" + i0,schemaPath:"#/properties/ignores/items/required",keyword:"required",params:{missingProperty: "reason"}};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
for(const key5 in data63){
if(!(((key5 === "path") || (key5 === "rules")) || (key5 === "reason"))){
const err35 = {instancePath:instancePath+"/ignores/" + i0,schemaPath:"#/properties/ignores/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5}};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
if(data63.path !== undefined){
if(typeof data63.path !== "string"){
const err36 = {instancePath:instancePath+"/ignores/" + i0+"/path",schemaPath:"#/properties/ignores/items/properties/path/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
if(data63.rules !== undefined){
let data65 = data63.rules;
if(Array.isArray(data65)){
if(data65.length < 1){
const err37 = {instancePath:instancePath+"/ignores/" + i0+"/rules",schemaPath:"#/properties/ignores/items/properties/rules/minItems",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
const len7 = data65.length;
for(let i1=0; i1<len7; i1++){
let data66 = data65[i1];
if(!(((((((((((((((((((((((((((((((((((((((((((((((data66 === "branch-divergence") || (data66 === "concurrently-in-transaction")) || (data66 === "constraint-never-validated")) || (data66 === "constraint-scan-blocks-reads")) || (data66 === "contradicts-history")) || (data66 === "delete-without-where")) || (data66 === "down-migration-does-not-restore")) || (data66 === "down-migration-loses-data")) || (data66 === "drop-cascade")) || (data66 === "drop-column")) || (data66 === "drop-constraint")) || (data66 === "drop-database")) || (data66 === "drop-hand-written-object")) || (data66 === "drop-primary-key")) || (data66 === "drop-schema")) || (data66 === "drop-table")) || (data66 === "duplicate-migration")) || (data66 === "edited-applied-migration")) || (data66 === "enum-value-removed")) || (data66 === "fails-in-rehearsal")) || (data66 === "foreign-key-scan-blocks-writes")) || (data66 === "index-build-blocks-writes")) || (data66 === "index-drop-blocks-reads")) || (data66 === "late-migration")) || (data66 === "locks-partner-table")) || (data66 === "maintenance-blocks-reads")) || (data66 === "missing-down-migration")) || (data66 === "missing-forward-port")) || (data66 === "missing-lock-timeout")) || (data66 === "narrowing-type-change")) || (data66 === "not-null-over-existing-rows")) || (data66 === "opaque-statement")) || (data66 === "orphan-cleanup-before-foreign-key")) || (data66 === "orphan-cleanup-ineffective")) || (data66 === "orphan-cleanup-too-broad")) || (data66 === "partition-attach-detach")) || (data66 === "refused-by-postgres")) || (data66 === "reindex-blocks")) || (data66 === "rename-as-drop-and-add")) || (data66 === "required-column-without-default")) || (data66 === "syntax-error")) || (data66 === "table-rewrite")) || (data66 === "truncate")) || (data66 === "unique-over-existing-rows")) || (data66 === "unused-suppression")) || (data66 === "update-without-where")) || (data66 === "work-after-exclusive-lock"))){
const err38 = {instancePath:instancePath+"/ignores/" + i0+"/rules/" + i1,schemaPath:"#/properties/ignores/items/properties/rules/items/enum",keyword:"enum",params:{allowedValues: schema6.properties.ignores.items.properties.rules.items.enum}};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
}
else {
const err39 = {instancePath:instancePath+"/ignores/" + i0+"/rules",schemaPath:"#/properties/ignores/items/properties/rules/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
}
if(data63.reason !== undefined){
let data67 = data63.reason;
if(typeof data67 === "string"){
if(!pattern1.test(data67)){
const err40 = {instancePath:instancePath+"/ignores/" + i0+"/reason",schemaPath:"#/properties/ignores/items/properties/reason/pattern",keyword:"pattern",params:{pattern: "\\S"}};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
else {
const err41 = {instancePath:instancePath+"/ignores/" + i0+"/reason",schemaPath:"#/properties/ignores/items/properties/reason/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
}
else {
const err42 = {instancePath:instancePath+"/ignores/" + i0,schemaPath:"#/properties/ignores/items/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
}
else {
const err43 = {instancePath:instancePath+"/ignores",schemaPath:"#/properties/ignores/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
if(data.migrations !== undefined){
let data68 = data.migrations;
if(Array.isArray(data68)){
const len8 = data68.length;
for(let i2=0; i2<len8; i2++){
if(typeof data68[i2] !== "string"){
const err44 = {instancePath:instancePath+"/migrations/" + i2,schemaPath:"#/properties/migrations/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
}
else {
const err45 = {instancePath:instancePath+"/migrations",schemaPath:"#/properties/migrations/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
if(data.postgres !== undefined){
let data70 = data.postgres;
if(!(((((data70 === 14) || (data70 === 15)) || (data70 === 16)) || (data70 === 17)) || (data70 === 18))){
const err46 = {instancePath:instancePath+"/postgres",schemaPath:"#/properties/postgres/enum",keyword:"enum",params:{allowedValues: schema6.properties.postgres.enum}};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
if(data.execution !== undefined){
let data71 = data.execution;
if(!((data71 === "batch") || (data71 === "split"))){
const err47 = {instancePath:instancePath+"/execution",schemaPath:"#/properties/execution/enum",keyword:"enum",params:{allowedValues: schema6.properties.execution.enum}};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
}
if(data.parser !== undefined){
let data72 = data.parser;
if(!((data72 === "postgres") || (data72 === "portable"))){
const err48 = {instancePath:instancePath+"/parser",schemaPath:"#/properties/parser/enum",keyword:"enum",params:{allowedValues: schema6.properties.parser.enum}};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
if(data.base !== undefined){
let data73 = data.base;
if(typeof data73 === "string"){
if(!pattern1.test(data73)){
const err49 = {instancePath:instancePath+"/base",schemaPath:"#/properties/base/pattern",keyword:"pattern",params:{pattern: "\\S"}};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
else {
const err50 = {instancePath:instancePath+"/base",schemaPath:"#/properties/base/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
if(data.branches !== undefined){
let data74 = data.branches;
if(data74 && typeof data74 == "object" && !Array.isArray(data74)){
for(const key6 in data74){
if(!((((key6 === "production") || (key6 === "main")) || (key6 === "development")) || (key6 === "hotfix"))){
const err51 = {instancePath:instancePath+"/branches",schemaPath:"#/properties/branches/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6}};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
}
if(data74.production !== undefined){
let data75 = data74.production;
if(typeof data75 === "string"){
if(!pattern1.test(data75)){
const err52 = {instancePath:instancePath+"/branches/production",schemaPath:"#/properties/branches/properties/production/pattern",keyword:"pattern",params:{pattern: "\\S"}};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
}
else {
const err53 = {instancePath:instancePath+"/branches/production",schemaPath:"#/properties/branches/properties/production/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
if(data74.main !== undefined){
let data76 = data74.main;
if(typeof data76 === "string"){
if(!pattern1.test(data76)){
const err54 = {instancePath:instancePath+"/branches/main",schemaPath:"#/properties/branches/properties/main/pattern",keyword:"pattern",params:{pattern: "\\S"}};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
}
else {
const err55 = {instancePath:instancePath+"/branches/main",schemaPath:"#/properties/branches/properties/main/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
}
if(data74.development !== undefined){
let data77 = data74.development;
if(Array.isArray(data77)){
const len9 = data77.length;
for(let i3=0; i3<len9; i3++){
let data78 = data77[i3];
if(typeof data78 === "string"){
if(!pattern1.test(data78)){
const err56 = {instancePath:instancePath+"/branches/development/" + i3,schemaPath:"#/properties/branches/properties/development/items/pattern",keyword:"pattern",params:{pattern: "\\S"}};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
else {
const err57 = {instancePath:instancePath+"/branches/development/" + i3,schemaPath:"#/properties/branches/properties/development/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
}
}
else {
const err58 = {instancePath:instancePath+"/branches/development",schemaPath:"#/properties/branches/properties/development/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
if(data74.hotfix !== undefined){
let data79 = data74.hotfix;
if(Array.isArray(data79)){
const len10 = data79.length;
for(let i4=0; i4<len10; i4++){
let data80 = data79[i4];
if(typeof data80 === "string"){
if(!pattern1.test(data80)){
const err59 = {instancePath:instancePath+"/branches/hotfix/" + i4,schemaPath:"#/properties/branches/properties/hotfix/items/pattern",keyword:"pattern",params:{pattern: "\\S"}};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
}
else {
const err60 = {instancePath:instancePath+"/branches/hotfix/" + i4,schemaPath:"#/properties/branches/properties/hotfix/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
}
}
else {
const err61 = {instancePath:instancePath+"/branches/hotfix",schemaPath:"#/properties/branches/properties/hotfix/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
}
}
else {
const err62 = {instancePath:instancePath+"/branches",schemaPath:"#/properties/branches/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
}
if(data.failOn !== undefined){
let data81 = data.failOn;
if(!((((data81 === "error") || (data81 === "warning")) || (data81 === "info")) || (data81 === "never"))){
const err63 = {instancePath:instancePath+"/failOn",schemaPath:"#/properties/failOn/enum",keyword:"enum",params:{allowedValues: schema6.properties.failOn.enum}};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
}
if(data.baseline !== undefined){
let data82 = data.baseline;
if(typeof data82 === "string"){
if(!pattern1.test(data82)){
const err64 = {instancePath:instancePath+"/baseline",schemaPath:"#/properties/baseline/pattern",keyword:"pattern",params:{pattern: "\\S"}};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
}
else {
const err65 = {instancePath:instancePath+"/baseline",schemaPath:"#/properties/baseline/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
}
}
else {
const err66 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
validate21.errors = vErrors;
return errors === 0;
}

